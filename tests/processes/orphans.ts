/** A program with three processes; its argument says what they do, and how it ends. */
import { taskGroup } from "espalier";
import { processes, openProcessPool } from "espalier/processes";
import { begun, deaf, pidOf, waits } from "./works.ts";

const how = process.argv[2];
const pool = how === "nothing" ? processes : openProcessPool({ size: 3 });
const told = new Set<number>();
let stop: () => void;
const offers = [
  begun.by((pid) => {
    told.add(pid);
    if (how !== "idle") console.log(`pid ${pid}`);
    if (told.size < 3) return;
    if (how === "exit") process.exit(5);
    if (how === "idle") stop();
  }),
];

await taskGroup(async (group) => {
  if (how === "nothing") {
    for (let n = 0; n < 3; n++) console.log(`pid ${await pool.run(pidOf, undefined, group)}`);
    return;
  }
  stop = () => group.cancel();
  const work = how === "waiting" || how === "idle" ? waits : deaf;
  for (let n = 0; n < 3; n++) group.spawn((scope) => pool.run(work, undefined, scope, { offers }));
});
// Only the idle ones come so far.
if (how === "idle") {
  for (const pid of told) console.log(`pid ${pid}`);
  setInterval(() => {}, 1_000);
}
