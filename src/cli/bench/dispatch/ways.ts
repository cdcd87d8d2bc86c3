/** Tasks started together and waited for, in the words of each library: the same functions, each of which waits once. */
import { all, taskGroup } from "espalier";
import { importRival } from "../http/rivals.ts";

export type Work = () => Promise<number>;

export interface DispatchWay {
  readonly name: string;
  readonly ours: boolean;
  /** Of the tasks that are asked for, it gets one in so many: some need a hundred times as long. */
  readonly oneIn: number;
  begin(work: readonly Work[]): Promise<unknown>;
}

export interface MissingDispatchWay {
  readonly name: string;
  readonly missing: string;
}

interface EffectModule {
  readonly Effect: { runPromise(effect: unknown): Promise<unknown>; forEach(work: readonly Work[], fn: (one: Work) => unknown, options: object): unknown; promise(fn: Work): unknown };
}

interface EffectionModule {
  run(operation: () => unknown): PromiseLike<unknown>;
  all(operations: readonly unknown[]): unknown;
  call(fn: Work): unknown;
}

/** The base comes first: what the platform itself needs. */
export async function dispatchWays(): Promise<(DispatchWay | MissingDispatchWay)[]> {
  return [
    { name: "Promise.all", ours: false, oneIn: 1, begin: (work) => Promise.all(work.map((fn) => fn())) },
    {
      name: "taskGroup",
      ours: true,
      oneIn: 1,
      begin: (work) =>
        taskGroup((group) => {
          for (const fn of work) group.spawn(fn);
        }),
    },
    { name: "all", ours: true, oneIn: 1, begin: (work) => all(work) },
    await withEffect(),
    await withEffection(),
  ];
}

async function withEffect(): Promise<DispatchWay | MissingDispatchWay> {
  const rival = await importRival<EffectModule>("effect");
  if ("missing" in rival) return { name: "effect", missing: rival.missing };
  const { Effect } = rival.module;
  const begin = (work: readonly Work[]): Promise<unknown> => Effect.runPromise(Effect.forEach(work, (fn) => Effect.promise(fn), { concurrency: "unbounded", discard: true }));
  return { name: `effect ${rival.version} forEach`, ours: false, oneIn: 1, begin };
}

async function withEffection(): Promise<DispatchWay | MissingDispatchWay> {
  const rival = await importRival<EffectionModule>("effection");
  if ("missing" in rival) return { name: "effection", missing: rival.missing };
  const { run, all: allOf, call } = rival.module;
  return { name: `effection ${rival.version} all`, ours: false, oneIn: 10, begin: async (work) => await run(() => allOf(work.map((fn) => call(fn)))) };
}
