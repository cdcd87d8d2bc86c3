/** What runs in the process of a local worker: a worker of a cluster that is of its caller's own program. It ends with that, in whatever way that ends. */
import { realClock } from "../../../task/clock.ts";
import { classOf } from "../../modules.ts";
import { encodeFailure } from "../../wire/failure.ts";
import { sameAddresses } from "../module-names.ts";
import { connectNats } from "../nats/nats-transport.ts";
import { ownName } from "../own-name.ts";
import { Subjects } from "../subjects.ts";
import { ATTEMPTS, HOLD_MS } from "../worker/deliveries.ts";
import { ClusterWorker } from "../worker/cluster-worker.ts";
import { servesItsProgram } from "../worker/served.ts";
import { passingPool } from "../worker/passing-pool.ts";
import { type Boot, BOOT, CLOSE, type FromLocalWorker, NAMESPACE, SERVERS } from "./boot.ts";

const { servers, namespace, lease, threads, keeping } = JSON.parse(process.env[BOOT]!) as Boot;
delete process.env[BOOT];
process.env[SERVERS] = servers;
process.env[NAMESPACE] = namespace;

const tell = (message: FromLocalWorker): void => void process.send!(message);

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// Whoever presses Ctrl-C means the program, and that decides. So does who stops a service.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

const own = ownName();
const transport = await connectNats(servers, own.label, lease / 2);
const pool = passingPool({ ...threads, onError: (error, name) => tell(["error", encodeFailure(error, classOf), name]) });
const subjects = new Subjects(namespace);
const worker = new ClusterWorker(transport, pool, servesItsProgram(), { ...own, subjects, names: sameAddresses, clock: realClock, lease, isOnly: true });
if (keeping !== undefined) await worker.takeDurable({ durable: await transport.durable({ ...keeping, subjects }), hold: HOLD_MS, attempts: ATTEMPTS });
await transport.flush();
process.on("message", (message) => {
  if (message === CLOSE) void end();
});
tell(["ready"]);

async function end(): Promise<void> {
  await worker.drain(Infinity);
  await pool.close();
  await transport.close();
  process.exit(0);
}
