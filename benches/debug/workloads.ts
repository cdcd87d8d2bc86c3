/** What a program does most, each by itself; measured as it is, in debug mode, with a probe, and without what tells probes. */
import { failAfter, sleep, taskGroup } from "../espalier.ts";
import { awaiting, functions, inGroup, trivial } from "../core/workload.ts";
import { Lock } from "../sync.ts";
import { timed, type Ways } from "../sample.ts";
import { dist } from "./build.ts";

const items = 10_000;
const limits = 2_000;
const locks = 5_000;

export const workloads = {
  tasks: { what: "spawn and join, one await each", items },
  trivial: { what: "spawn and join, trivial tasks", items },
  limit: { what: "time limit around a resolved promise", items: limits },
  lock: { what: "a lock that nobody else wants", items: locks },
  cancel: { what: "cancel sleeping tasks", items },
} as const;

export type Workload = keyof typeof workloads;

const hour = 3_600_000;

export const ways: Ways & Record<Workload, unknown> = {
  tasks() {
    const work = functions(items, awaiting);
    return timed(items, () => inGroup(work));
  },
  trivial() {
    const work = functions(items, trivial);
    return timed(items, () => inGroup(work));
  },
  limit: () =>
    timed(limits, async () => {
      for (let n = 0; n < limits; n++) await failAfter(hour, async () => null);
    }),
  lock() {
    const lock = new Lock();
    return timed(locks, () =>
      taskGroup(async (group) => {
        for (let n = 0; n < locks; n++) await lock.use(() => {}, group);
      }),
    );
  },
  cancel: () =>
    timed(items, () =>
      taskGroup((group) => {
        for (let n = 0; n < items; n++) group.spawn((scope) => sleep(hour, scope));
        group.cancel();
      }),
    ),
};

if (process.env["BENCH_PROBE"] === "idle") {
  const { attachProbe } = (await import(`${dist}/lowlevel.js`)) as typeof import("../../src/lowlevel.ts");
  const idle = (): void => {};
  attachProbe({ opened: idle, ended: idle, cancelled: idle, parked: idle, unparked: idle, refused: idle, carried: idle, dropped: idle });
}
// 10,000 tasks in one turn are what is measured, and no mistake.
if ((process.env["ESPALIER_DEBUG"] ?? "") !== "") {
  const { configureDebug } = (await import(`${dist}/debug/index.js`)) as typeof import("../../src/debug/index.ts");
  configureDebug({ blocked: hour });
}
