/** What limiters, pools, channels and executors say of themselves, as metrics of prom-client. They are asked when Prometheus asks, and cost nothing else. */
import { Counter, Gauge, type Registry } from "prom-client";

/** What each of them says: what goes up and down, what only grows, and times. */
const kinds = {
  limiter: { gauges: ["total", "borrowed", "waiting"], counters: [], times: [] },
  pool: { gauges: ["max", "lent", "idle", "waiting"], counters: [], times: [] },
  channel: { gauges: ["capacity", "buffered", "peak", "waitingSenders", "waitingReceivers"], counters: ["dropped"], times: [] },
  executor: {
    gauges: ["workers", "waiting", "queued", "running", "abandoned"],
    counters: ["succeeded", "failed", "cancelled", "died"],
    times: ["waitTime", "runTime"],
  },
} as const;

type Kind = keyof typeof kinds;
type Of<K extends Kind, W extends "gauges" | "counters" | "times"> = (typeof kinds)[K][W][number];

/** Whatever has such statistics. */
interface Source<K extends Kind> {
  statistics(): Readonly<Record<Of<K, "gauges"> | Of<K, "counters">, number>> & Readonly<Record<Of<K, "times">, { p50: number; p99: number; count: number }>>;
}

/** What there is of each kind, under the names that become labels. */
export type Sources = { readonly [K in Kind]?: Readonly<Record<string, Source<K>>> };

/** As Prometheus wants it: `_total` is for what only grows. */
const metricOf = (key: string): string => (key === "total" ? "places" : key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));

/** Adds metrics for all of them to `registry`: `espalier_pool_waiting{name="orders"}`. */
export function addMetrics(registry: Registry, sources: Sources): void {
  const registers = [registry];
  for (const [kind, { gauges, counters, times }] of Object.entries(kinds)) {
    const all = Object.entries(sources[kind as Kind] ?? {}) as [name: string, source: { statistics(): Record<string, never> }][];
    const read = <T>(key: string, set: (name: string, figure: T) => void): void => all.forEach(([name, source]) => set(name, source.statistics()[key]!));

    for (const key of gauges) {
      const [name, help] = [`espalier_${kind}_${metricOf(key)}`, `statistics().${key} of a ${kind}`];
      const gauge = new Gauge({ name, help, labelNames: ["name"], registers, collect: () => read<number>(key, (of, figure) => gauge.set({ name: of }, figure)) });
    }
    for (const key of counters) {
      const [name, help] = [`espalier_${kind}_${metricOf(key)}_total`, `statistics().${key} of a ${kind}`];
      const collect = (): void => {
        counter.reset();
        read<number>(key, (of, figure) => counter.inc({ name: of }, figure));
      };
      const counter = new Counter({ name, help, labelNames: ["name"], registers, collect });
    }
    for (const key of times) {
      const [name, help] = [`espalier_${kind}_${metricOf(key)}_seconds`, `statistics().${key} of a ${kind}`];
      const collect = (): void =>
        read<{ p50: number; p99: number }>(key, (of, { p50, p99 }) => {
          gauge.set({ name: of, quantile: "0.5" }, p50 / 1_000);
          gauge.set({ name: of, quantile: "0.99" }, p99 / 1_000);
        });
      const gauge = new Gauge({ name, help, labelNames: ["name", "quantile"], registers, collect });
    }
  }
}
