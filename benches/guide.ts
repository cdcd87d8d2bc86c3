/**
 * The figures that stand beside ours: of a guide to the patterns of Python's asyncio, Trio and AnyIO (CPython 3.13.3, Trio 0.27,
 * AnyIO 4.4, httpx 0.27; 16 cores of an AWS c7i.4xlarge). Another machine's, so no ratio is taken with them; what can be compared is
 * their shape: who is before whom, and by how much.
 */
import type { Line } from "./board.ts";

export const guideMachine = "CPython 3.13.3, 16 cores (AWS c7i.4xlarge)";

const line = (system: string, cells: Readonly<Record<string, number>>): Line => ({
  system,
  family: "guide",
  on: "the guide",
  cells: Object.fromEntries(Object.entries(cells).map(([key, value]) => [key, { value }])),
});

/** 1,000 concurrent GETs of 1 KB by httpx from nginx, 100 times. */
export const guideHttp: readonly Line[] = [
  line("asyncio.gather", { batchP50: 22, batchP99: 112, throughput: 8_800 }),
  line("asyncio.gather, return_exceptions", { batchP50: 22, batchP99: 115, throughput: 8_750 }),
  line("asyncio.TaskGroup", { batchP50: 22, batchP99: 109, throughput: 8_820 }),
  line("trio.open_nursery", { batchP50: 24, batchP99: 118, throughput: 8_200 }),
  line("anyio on asyncio", { batchP50: 23, batchP99: 112, throughput: 8_600 }),
  line("anyio on trio", { batchP50: 25, batchP99: 120, throughput: 8_150 }),
];

export const guideHttpNote =
  "The guide's columns do not fit together: a batch of 1,000 in 22 ms would be 45,000 requests/s, and 1,000 at 8,800 requests/s take 114 ms, about its P99. " +
  "So its P50 cannot be of a batch of 1,000; its throughput and its P99 may be.";

/** Matrix multiplication by a pool of 3.13: how much faster than one thread with the GIL. */
export const guideParallel: readonly Line[] = (
  [
    ["3.13 with GIL, threads", 8, { speedUp: 1.05, memory: 355 }],
    ["3.13t, threads", 1, { speedUp: 0.91, memory: 385 }],
    ["3.13t, threads", 8, { speedUp: 6.7, memory: 410 }],
    ["3.13t, threads", 16, { speedUp: 11.81, memory: 445 }],
    ["3.13 with GIL, processes", 8, { speedUp: 5.9, memory: 1_240 }],
    ["3.13 with GIL, processes", 16, { speedUp: 6.36, memory: 2_380 }],
  ] as const
).map(([system, workers, cells]) => line(`${system}, ${workers} ${workers === 1 ? "worker" : "workers"}`, { workers, ...cells }));

/** By workload: without and with the JIT of PEP 744. */
export const guideJit = {
  matmul: { without: 2.4, with: 1.65, unit: "s" },
  json: { without: 8.8, with: 8.45, unit: "s" },
  handler: { without: 12_400, with: 12_950, unit: "requests/s" },
  validation: { without: 0.62, with: 0.58, unit: "s" },
  dispatch: { without: 0.18, with: 0.17, unit: "s" },
} as const;

/** The guide's two figures of a workload as lines of a board, in its own unit. */
export const guideTiers = (workload: keyof typeof guideJit, turn: (value: number) => number): readonly Line[] =>
  (["without", "with"] as const).map((kind) => line(`CPython 3.13, ${kind} JIT`, { amount: turn(guideJit[workload][kind]) }));

export const guideJsonNote = "The guide's time for JSON, 8.8 s for 100,000 times 1 MB, cannot be right: at the speed of its own parser that takes 12 to 17 minutes. It is left out.";
