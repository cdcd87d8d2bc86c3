/**
 * Very many tasks: so many that wait for ever, and of these so many that wake again and again. One, `job 17 of them`, waits for something else.
 * Ends when its standard input does.
 */
import { sleep, sleepForever, taskGroup } from "espalier";

const [, , tasks = "50000", active = "0"] = process.argv;
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));

await taskGroup(
  async (group) => {
    for (let n = 0; n < Number(tasks) - 1; n++) {
      group.spawn(
        n < Number(active)
          ? async (scope) => {
              for (;;) await sleep(200 + ((n * 7) % 600), scope);
            }
          : sleepForever,
        { name: `worker ${n}` },
      );
    }
    group.spawn((scope) => scope.wait(new Promise(() => {})), { name: "job 17 of them" });
    await new Promise<void>((resolve) => process.stdout.write("ready\n", () => resolve()));
    await sleepForever(group);
  },
  { name: "fleet" },
);
