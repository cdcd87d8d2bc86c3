/** Keeps its event loop busy in small pieces: ten callbacks in one turn, or turns that each take a part of what they may. */
import { sleep, taskGroup } from "espalier";
import { configureDebug, onReport } from "espalier/debug";

/** Works for so long, however busy the machine is. */
function spin(ms: number): void {
  const worked = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  for (const until = worked() + ms; worked() < until; );
}

configureDebug({ blocked: 200 });
/** The first about a task of ours: on a busy machine the loop may stand still before there is any. */
const told = new Promise((resolve) => {
  onReport((report) => {
    if (report.path[0] === "main") resolve(report);
  });
});
// The watchdog tells when it is given time: as long as that takes.
setInterval(() => {}, 2 ** 30);

await taskGroup(async (group) => {
  if (process.argv[2] === "callbacks") {
    const { port1, port2 } = new MessageChannel();
    await sleep(50, group);
    // All of them come in one turn of the event loop.
    for (let n = 0; n < 30; n++) port1.postMessage(n);
    await new Promise<void>((resolve) => {
      port2.onmessage = ({ data }) => {
        spin(20);
        if (data === 29) resolve();
      };
    });
    port1.close();
  } else {
    const task = group.spawn(async (scope) => {
      for (;;) {
        spin(80);
        await sleep(1, scope);
      }
    }, { name: "piecemeal" });
    console.log(JSON.stringify(await told));
    task.cancel();
  }
}, { name: "main" });
if (process.argv[2] === "callbacks") console.log(JSON.stringify(await told));
process.exit();
