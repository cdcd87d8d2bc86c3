/** What runs in the page: each study gives what it saw. */
import { taskGroup, type TaskGroup } from "espalier";
import { type Executor, openThreadPool } from "espalier/threads";
import { block, double, greet, leave, lost, name, refuse, spin, sum, TooMany } from "./works.ts";

type Study = (threads: Executor, group: TaskGroup) => Promise<unknown>;

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

const studies: Record<string, Study> = {
  results: (threads, group) => Promise.all(Array.from({ length: 200 }, (_, n) => threads.run(double, n, group))),
  async "an error"(threads, group) {
    const error: unknown = await threads.run(refuse, 7, group).catch((error: unknown) => error);
    return [error instanceof TooMany, codeOf(error), (error as Error).message];
  },
  async "handed over"(threads, group) {
    const numbers = new Float64Array([1, 2, 3]);
    return [await threads.run(sum, numbers, group, { transfer: [numbers.buffer] }), numbers.length];
  },
  "a callback": (threads, group) => threads.run(greet, 7, group, { offers: [name.by((id) => `number ${id}`)] }),
  async "a busy loop"(threads, group) {
    const cut = await group.moveOnAfter(50, (scope) => threads.run(spin, undefined, scope, { whenCancelled: "terminate", grace: crossOriginIsolated ? 60_000 : 10 }), { fallback: "cut short" });
    return [cut, await threads.run(double, 1, group)];
  },
  async "a worker that closes itself"(threads, group) {
    return [await threads.run(leave, undefined, group).catch(codeOf), await threads.run(double, 2, group)];
  },
  async "an uncaught error"(threads, group) {
    return [await threads.run(lost, undefined, group).catch(codeOf), await threads.run(double, 3, group)];
  },
  "blocking": (threads, group) => threads.run(block, 1, group, { offers: [name.by(String)] }).catch(codeOf),
};

async function study(which: string): Promise<unknown> {
  const threads = openThreadPool({ size: 2 });
  const seen = await taskGroup((group) => studies[which]!(threads, group));
  await threads.close();
  return seen;
}

declare const crossOriginIsolated: boolean;
Object.assign(globalThis, { study, names: Object.keys(studies) });
