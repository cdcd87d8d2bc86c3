/** A program that does what it is told on its standard input, a line at a time. Ends when that does. */
import { createInterface } from "node:readline";
import { sleep, sleepForever, taskGroup, type TaskGroup } from "espalier";
import { channel } from "espalier/channel";
import { ResourcePool } from "espalier/sync";

const [, receiver] = channel<string>(4, { name: "letters" });
const probes = (globalThis as unknown as Record<symbol, unknown[]>)[Symbol.for("espalier.probes")]!;

const acts: Record<string, (group: TaskGroup) => unknown> = {
  receive: (group) => group.spawn((scope) => receiver.receive(scope), { name: "reader" }),
  async pool(group) {
    const pool = new ResourcePool(group, { create: () => ({}), max: 1, name: "database" });
    group.spawn((scope) => pool.use(() => sleepForever(scope), scope), { name: "holder" });
    await sleep(0, group);
    group.spawn((scope) => pool.use(() => {}, scope), { name: "waiter" });
  },
  fail: (group) =>
    group.spawn(
      (scope) =>
        scope
          .group((inner) => {
            inner.spawn(sleepForever, { name: "bystander" });
            inner.spawn(
              async () => {
                await sleep(0, inner);
                throw new Error("the disk is full", { cause: new Error("ENOSPC") });
              },
              { name: "writer" },
            );
          }, { name: "save" })
          .catch(() => sleepForever(scope)),
      { name: "saving" },
    ),
  queue: (group) =>
    group.spawn(
      (scope) =>
        scope.group(
          (inner) => {
            for (let n = 0; n < 2; n++) inner.spawn(sleepForever, { name: `page ${n}` });
          },
          { concurrency: 1 },
        ),
      { name: "crawl" },
    ),
  hostile: (group) => group.spawn(sleepForever, { name: '<img src=x onerror="document.title=1"> & </script><script>document.title=2</script>' }),
  warn: () => process.emitWarning("this pool waits for itself\n  task     stage\n  to do    Give back.", { type: "EspalierWarning" }),
  /** Whether anybody watches: what watches hooks itself in here, and is the own property of the list. */
  state: () => console.log(JSON.stringify({ outposts: ((globalThis as unknown as Record<symbol, Map<string, unknown> | undefined>)[Symbol.for("espalier.outposts")]?.size ?? 0), probes: probes.length })),
  exit: () => process.exit(3),
};

await taskGroup(
  async (group) => {
    console.log("ready");
    for await (const line of createInterface({ input: process.stdin })) await acts[line]!(group);
    group.cancel("the audience has left");
  },
  { name: "stage" },
).catch(() => {});
