/** Blocks its event loop until the watchdog has told of it: in a loop, or in microtasks without end. */
import { taskGroup } from "espalier";
import { onReport } from "espalier/debug";

interface Stalls {
  stalls(): number;
}
const debug = (globalThis as unknown as Record<symbol, Stalls>)[Symbol.for("espalier.debug")]!;
const [how, listening] = process.argv.slice(2);
if (listening === "listening") {
  const waiting = setInterval(() => {}, 2 ** 30);
  onReport((report) => {
    console.log(JSON.stringify(report));
    clearInterval(waiting);
  });
}

function crunch(): void {
  while (debug.stalls() === 0);
}

async function starve(): Promise<void> {
  while (debug.stalls() === 0) await Promise.resolve();
}

await taskGroup((group) => void group.spawn(() => (how === "crunch" ? crunch() : starve()), { name: "greedy" }), { name: "main" });
