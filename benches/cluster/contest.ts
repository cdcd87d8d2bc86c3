/** A row of this suite: one sample through every caller, ours beside what it is made of and beside queues. */
import { interleave, type Plan } from "../measure.ts";
import { pythonWith } from "../pythons.ts";
import { missing, versioned } from "../rival.ts";
import { compare, type Figure, type Missing, type Reach, type Row } from "../row.ts";
import type { Sample, Ways } from "../sample.ts";
import { fileOf } from "../child.ts";
import { type Caller, callers } from "./callers.ts";
import { lacks } from "./servers.ts";

export interface Contest {
  readonly what: string;
  readonly items: number;
  readonly unit: string;
  /** From what a sample gives to what is shown. */
  readonly shown?: (amount: number) => number;
  /** Of the direct mode beside bare NATS. */
  readonly reach?: Reach;
  readonly sample: (caller: Caller) => Sample;
}

const [direct, durable, bare, bullmq, celery] = ["espalier, direct", "espalier, durable", "bare NATS", "BullMQ", "Celery"] as const;
const celeryProgram = fileOf("celery_caller.py", import.meta.url);

export function contest(module: string, { what, items, unit, shown = (amount) => amount, reach, sample }: Contest, plan: Plan = {}): { readonly ways: Ways; readonly row: Row } {
  const ways = Object.fromEntries(Object.entries(callers).map(([name, open]): [string, () => Promise<Sample>] => [name, async () => sample(await open())]));
  async function measure(): Promise<(Figure | Missing)[]> {
    const noNats = lacks("nats-server");
    if (noNats !== undefined) return [{ what, missing: noNats }];
    const noRedis = lacks("redis-server");
    const noBull = noRedis ?? missing("bullmq");
    const python = pythonWith({ packages: ["celery", "redis"] });
    const noCelery = noRedis ?? ("missing" in python ? python.missing : undefined);
    const names = [direct, durable, bare, ...(noBull === undefined ? [bullmq] : []), ...(noCelery === undefined ? [celery] : [])];
    const runtimes = "missing" in python ? {} : { [celery]: { name: "CPython", command: python.command, args: ["-B", "-W", "ignore"], program: celeryProgram } };
    const took: Readonly<Record<string, number[]>> = await interleave(module, names, { warmUps: 8, rounds: 21, fewest: 7, budget: 60_000, ...plan, runtimes });
    const labels: Readonly<Record<string, string>> = {
      [bullmq]: versioned("bullmq"),
      ...("missing" in python ? {} : { [celery]: `Celery ${python.packages["celery"]}, Redis` }),
    };
    const side = (name: string) => [labels[name] ?? name, took[name]!.map(shown)] as const;
    const against = (ours: string, beside: string, to?: Reach): Figure => compare({ what, items, unit, reach: to }, side(ours), side(beside));
    return [
      against(direct, bare, reach),
      against(durable, bare),
      ...(noBull === undefined ? [against(direct, bullmq), against(durable, bullmq)] : [{ what, missing: noBull }]),
      ...(noCelery === undefined ? [against(direct, celery), against(durable, celery)] : [{ what, missing: noCelery }]),
    ];
  }
  return { ways, row: { measure } };
}
