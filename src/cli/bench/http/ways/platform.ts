/** The platform's own ways: nothing limits them, and nothing ends what they began. */
import type { Begun, Way } from "./way.ts";

const unbounded = (requests: number): number => requests;

export const promiseAll: Way = {
  name: "Promise.all",
  ours: false,
  inHand: unbounded,
  parts: ["fan-out", "failing"],
  begin({ addresses, get }) {
    const requests = addresses.map((address) => get(address));
    return begun(requests, Promise.all(requests));
  },
};

export const promiseAllSettled: Way = {
  name: "Promise.allSettled",
  ours: false,
  inHand: unbounded,
  parts: ["fan-out"],
  begin({ addresses, get }) {
    const requests = addresses.map((address) => get(address));
    return begun(requests, Promise.allSettled(requests));
  },
};

/** The usual repair by hand: one controller for all, aborted when the first error arrives. */
export const promiseAllAborting: Way = {
  name: "Promise.all + abort()",
  ours: false,
  inHand: unbounded,
  parts: ["failing"],
  begin({ addresses, get }) {
    const controller = new AbortController();
    const requests = addresses.map((address) => get(address, controller));
    return begun(requests, abortingOnFailure(Promise.all(requests), controller));
  },
};

async function abortingOnFailure<T>(result: Promise<T>, controller: AbortController): Promise<T> {
  try {
    return await result;
  } catch (error) {
    controller.abort();
    throw error;
  }
}

/** What promises that nobody owns leave behind: they go on after the result is there. */
export function begun(requests: readonly Promise<unknown>[], result: Promise<unknown>): Begun {
  return { result, quiet: () => Promise.allSettled(requests) };
}

