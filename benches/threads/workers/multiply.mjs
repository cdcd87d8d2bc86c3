/** A bare worker: multiplies the rows it is told of, and says so. */
import { parentPort } from "node:worker_threads";
import { multiplyBand } from "../matrix.mjs";

parentPort?.on("message", (band) => {
  multiplyBand(band);
  parentPort?.postMessage(undefined);
});
