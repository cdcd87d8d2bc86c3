/** A bare worker: spins as often as it is told, and says so. */
import { parentPort } from "node:worker_threads";

let state = 1;
parentPort?.on("message", (turns) => {
  for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  parentPort?.postMessage(state);
});
