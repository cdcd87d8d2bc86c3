/** A task waits for a pool, deep within the library; says where it stands. */
import { sleep, taskGroup } from "espalier";
import { attachProbe, type Observed } from "espalier/lowlevel";
import { ResourcePool } from "espalier/sync";

const debug = (globalThis as unknown as Record<symbol, { placesOf(scope: Observed): { stands?: string } }>)[Symbol.for("espalier.debug")]!;
// As a program may set it: what is looked for may be cut off.
if (process.argv[2] !== undefined) Error.stackTraceLimit = Number(process.argv[2]);
let second: Observed | undefined;
attachProbe({ opened: (scope) => void (scope.name === "second" && (second = scope)) });
await taskGroup(async (group) => {
  const pool = new ResourcePool(group, { create: () => "connection", max: 1 });
  group.spawn((scope) => pool.use(() => sleep(10_000, scope), scope));
  await sleep(5, group);
  group.spawn(function second(scope) {
    return pool.use(() => {}, scope);
  });
  await sleep(5, group);
  process.stdout.write(debug.placesOf(second!).stands ?? "");
  group.cancel();
}).catch(() => {});
