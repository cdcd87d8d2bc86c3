/**
 * Workers without a pool: all calls of a turn in one message for each worker, and its results in one. No cancellation, no priorities,
 * no care for who has more to do, no errors. What is left is a promise a call and the messages: a bound for what a pool can reach.
 */
import { Worker } from "node:worker_threads";
import { fileOf } from "../child.ts";
import type { Contestant, Run } from "./pools.ts";

interface Pending {
  readonly message: readonly [id: number, name: string, input: unknown];
  readonly transfer: readonly ArrayBuffer[];
}

function open(size: number): Run {
  const open = new Map<number, (value: unknown) => void>();
  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(fileOf("workers/by-hand.mjs", import.meta.url));
    return worker.on("message", (results: readonly unknown[]) => {
      for (let at = 0; at < results.length; at += 2) {
        const id = results[at] as number;
        const resolve = open.get(id)!;
        open.delete(id);
        resolve(results[at + 1]);
      }
    });
  });
  let pending: Pending[] = [];
  let next = 0;
  const flush = (): void => {
    const all = pending;
    pending = [];
    const share = Math.ceil(all.length / size);
    for (let from = 0; from < all.length; from += share) {
      const part = all.slice(from, from + share);
      workers[next++ % size]!.postMessage(part.flatMap(({ message }) => message), part.flatMap(({ transfer }) => transfer));
    }
  };
  let last = 0;
  return (name, input, transfer = []) =>
    new Promise((resolve) => {
      open.set(++last, resolve);
      if (pending.push({ message: [last, name, input], transfer }) === 1) queueMicrotask(flush);
    });
}

export const byHand: Contestant = { maker: "by hand", label: "two workers by hand, a message a turn", open: (size) => Promise.resolve(open(size)) };
