/**
 * Small programs, one a name, run in a process of their own by program.test.ts. Each says what happens on
 * standard output, a line at a time; the name is the first argument.
 */
import { CancelledError, failAfter, moveOnAfter, run, type Scope, sleep, sleepForever, taskGroup, TimeoutError } from "espalier";

const say = (...words: unknown[]): void => console.log(words.join(" "));
const never = new Promise<never>(() => {});

/** Waits for the signal, then cleans up across several turns. */
async function service(scope: Scope): Promise<never> {
  scope.defer(async (shield) => {
    await sleep(1, shield);
    say("deferred cleanup");
  });
  say("ready");
  try {
    return await scope.group(async (group) => {
      group.spawn((own) => sleepForever(own).finally(() => say("task ends")));
      return sleepForever(group);
    });
  } finally {
    await scope.shield((shield) => sleep(1, shield));
    say("body ends");
  }
}

/** Does not come to an end of its cleanup by itself. */
async function stuck(scope: Scope): Promise<void> {
  say("ready");
  try {
    await sleepForever(scope);
  } finally {
    say("cleaning");
    await never;
  }
}

const told = (error: unknown): void => say(error instanceof CancelledError ? `${error.name} ${error.source} ${error.by}` : String(error));

const programs: Record<string, () => unknown> = {
  "caught": () => run(service, { name: "service" }).catch(told),
  "not caught": () => void run(service),
  "awaited at the top": () => run(service),
  "stuck": () => run(stuck),
  "stuck, with a grace": () => run(stuck, { grace: 20 }),
  "stuck in a shield, with a grace": () =>
    run(
      (scope) => {
        say("ready");
        return scope.shield(sleepForever);
      },
      { grace: 20 },
    ),
  "cleanup within the grace": () => run(service, { grace: 3_600_000 }).catch(told),
  "own signals": () => run(service, { signals: ["SIGHUP"] }).catch(told),
  "no signals": () => run(service, { signals: [] }).catch(told),
  "swallows": () =>
    run(async (scope) => {
      say("ready");
      await sleepForever(scope).catch(() => {});
      say("goes on");
    }).catch(told),
  "fails while it shuts down": () =>
    run(async (scope) => {
      say("ready");
      await sleepForever(scope).catch(() => Promise.reject(new Error("F")));
    }).catch((error: unknown) => say("caught", error)),
  "succeeds": async () => {
    const before = process.listenerCount("SIGINT");
    const value = await run(async (scope) => {
      say("listens", process.listenerCount("SIGINT") - before);
      await sleep(1, scope);
      return "value";
    });
    say(value, "listens", process.listenerCount("SIGINT") - before);
  },
  "fails": async () => {
    await run(() => Promise.reject(new Error("E"))).catch((error: unknown) => say("caught", error));
    say("listens", process.listenerCount("SIGINT"));
  },
  "waits for nothing, in run()": () =>
    run(async (scope) => {
      setImmediate(() => say("ready"));
      await scope.wait(never);
    }),
  "waits for nothing, in a group": () => void taskGroup((group) => group.wait(never)),
  "sleeps for ever, in a group": () => void taskGroup(sleepForever),
  "no limit": () => void failAfter(Infinity, sleepForever),
  "a limit that nobody needs any more": async () => {
    await failAfter(3_600_000, async (scope) => scope.checkpoint());
    await moveOnAfter(3_600_000, async (scope) => {
      void sleep(1_800_000, scope);
      await sleep(1, scope);
      scope.cancel();
      await sleep(3_600_000, scope);
    });
    say("done");
  },
  "a limit that is waited for": () => failAfter(20, (scope) => scope.wait(never)).catch((error: unknown) => say(error instanceof TimeoutError)),
  "a sleep": async () => {
    await sleep(20, { signal: new AbortController().signal });
    say("awake");
  },
};

const program = programs[process.argv[2] ?? ""];
if (program === undefined) throw new Error(`There is no program "${process.argv[2]}".`);
await program();
