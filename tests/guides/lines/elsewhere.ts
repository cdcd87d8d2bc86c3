/** Other threads and processes, and the system. */
import { processes } from "espalier/processes";
import { runProcess, signals } from "espalier/process";
import { threads } from "espalier/threads";
import type { Line } from "../line.ts";
import { ask, double, price } from "../works.ts";

export const elsewhere: readonly Line[] = [
  {
    title: "a function in a thread",
    ours: async (scope, { say }) => {
      say(await threads.run(double, 21, scope));
    },
    real: true,
    says: ["42"],
    asyncio: `
      def double(n):
          return 2 * n
      say(await asyncio.to_thread(double, 21))`,
    trio: `
      def double(n):
          return 2 * n
      say(await trio.to_thread.run_sync(double, 21))`,
    anyio: `
      def double(n):
          return 2 * n
      say(await anyio.to_thread.run_sync(double, 21))`,
    kotlin: "withContext(Dispatchers.Default) { … }",
    go: "go f()",
  },
  {
    title: "a function in a process",
    ours: async (scope, { say }) => {
      say(await processes.run(double, 21, scope));
    },
    real: true,
    says: ["42"],
    asyncio: `
      from concurrent.futures import ProcessPoolExecutor
      from operator import neg
      with ProcessPoolExecutor(1) as pool:
          n = await asyncio.get_running_loop().run_in_executor(pool, neg, -42)
      say(n)`,
    anyio: `
      from anyio import to_process
      from operator import neg
      say(await to_process.run_sync(neg, -42))`,
  },
  {
    title: "from the thread back to who called it",
    ours: async (scope, { say }) => {
      say(await threads.run(ask, "tea", scope, { offers: [price.by(() => 3)] }));
    },
    real: true,
    says: ["tea costs 3"],
    asyncio: `
      loop = asyncio.get_running_loop()
      async def price(item):
          return 3
      def ask(item):
          future = asyncio.run_coroutine_threadsafe(price(item), loop)
          return f"{item} costs {future.result()}"
      say(await asyncio.to_thread(ask, "tea"))`,
    trio: `
      async def price(item):
          return 3
      def ask(item):
          return f"{item} costs {trio.from_thread.run(price, item)}"
      say(await trio.to_thread.run_sync(ask, "tea"))`,
    anyio: `
      async def price(item):
          return 3
      def ask(item):
          return f"{item} costs {anyio.from_thread.run(price, item)}"
      say(await anyio.to_thread.run_sync(ask, "tea"))`,
  },
  {
    title: "a child process",
    ours: async (scope, { say }) => {
      const { stdout } = await runProcess(process.execPath, ["-p", "6 * 7"], scope);
      say(stdout.trim());
    },
    real: true,
    says: ["42"],
    asyncio: `
      import sys
      child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(6 * 7)", stdout=asyncio.subprocess.PIPE)
      stdout, _ = await child.communicate()
      say(stdout.decode().strip())`,
    trio: `
      import sys
      done = await trio.run_process([sys.executable, "-c", "print(6 * 7)"], capture_stdout=True)
      say(done.stdout.decode().strip())`,
    anyio: `
      import sys
      done = await anyio.run_process([sys.executable, "-c", "print(6 * 7)"])
      say(done.stdout.decode().strip())`,
    kotlin: "ProcessBuilder(…).start()",
    go: "exec.CommandContext(ctx, name, args...)",
  },
  {
    title: "signals in a loop",
    ours: async (scope, { say }) => {
      const reloads = signals(["SIGHUP"], scope);
      process.kill(process.pid, "SIGHUP");
      for await (const name of reloads) {
        say(name);
        break;
      }
    },
    real: true,
    says: ["SIGHUP"],
    asyncio: `
      import os, signal
      got = asyncio.Event()
      asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, got.set)
      os.kill(os.getpid(), signal.SIGHUP)
      await got.wait()
      say("SIGHUP")`,
    trio: `
      import os, signal
      with trio.open_signal_receiver(signal.SIGHUP) as reloads:
          os.kill(os.getpid(), signal.SIGHUP)
          async for number in reloads:
              say(signal.Signals(number).name)
              break`,
    anyio: `
      import os, signal
      with anyio.open_signal_receiver(signal.SIGHUP) as reloads:
          os.kill(os.getpid(), signal.SIGHUP)
          async for number in reloads:
              say(signal.Signals(number).name)
              break`,
    go: "signal.Notify(ch, syscall.SIGHUP)",
  },
];
