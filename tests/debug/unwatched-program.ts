/** Blocks its event loop when its watchdog has failed. */
import { syncBuiltinESMExports } from "node:module";
import { Worker } from "node:worker_threads";

const started: Worker[] = [];
class Known extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    started.push(this);
  }
}
Object.assign(process.getBuiltinModule("node:worker_threads"), { Worker: Known });
syncBuiltinESMExports();
await import("espalier/debug");
const [watchdog] = started;
watchdog!.emit("error", new Error("broken"));
await import("./briefly-blocking-program.ts");
