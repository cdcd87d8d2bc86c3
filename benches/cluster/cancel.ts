/** From the cancellation of a scope here until the caller knows that the work there has ended: a message there, its end, and a message back. */
import { interleave } from "../measure.ts";
import { median } from "../ratio.ts";
import { compare, type Row } from "../row.ts";
import type { Sample, Ways } from "../sample.ts";
import { moveOnAfter } from "../espalier.ts";
import { openCluster } from "./callers.ts";
import { lacks, natsServer, worker } from "./servers.ts";
import { began, noop, waits } from "./works.mjs";

const items = 50;

/** Each of the calls in ms: one that is made and cancelled when it runs, or an empty one. */
const timesOf = (durable: boolean, isCancelled: boolean) => async (): Promise<Sample> => {
  const servers = await natsServer();
  await worker("espalier", servers);
  const cluster = await openCluster(servers, durable);
  async function one(): Promise<number> {
    let at = 0;
    await moveOnAfter(Infinity, async (scope) => {
      if (isCancelled) {
        const offers = [
          began.by(() => {
            // After its answer is on its way: the work has come to its sleep when it hears of this.
            setImmediate(() => {
              at = performance.now();
              scope.cancel();
            });
            return false;
          }),
        ];
        await cluster.run(waits, undefined, scope, { offers });
      } else {
        at = performance.now();
        await cluster.run(noop, 0, scope);
      }
    });
    return performance.now() - at;
  }
  return async () => {
    const times: number[] = [];
    for (let n = 0; n < items; n++) times.push(await one());
    return median(times);
  };
};

const modes = { direct: false, durable: true } as const;

export const ways = Object.fromEntries(
  Object.entries(modes).flatMap(([mode, durable]) => [
    [`${mode}: cancelled`, timesOf(durable, true)],
    [`${mode}: empty call`, timesOf(durable, false)],
  ]),
) satisfies Ways;

export const row: Row = {
  async measure() {
    const what = "from cancel to the end of the remote task";
    const missing = lacks("nats-server");
    if (missing !== undefined) return [{ what, missing }];
    const took = await interleave(import.meta.url, Object.keys(ways), { warmUps: 3, rounds: 15, fewest: 5, budget: 30_000 });
    return Object.keys(modes).map((mode) =>
      compare({ what, items, unit: "ms", reach: undefined }, [`espalier, ${mode}`, took[`${mode}: cancelled`]!], [`an empty call, ${mode}`, took[`${mode}: empty call`]!]),
    );
  },
};
