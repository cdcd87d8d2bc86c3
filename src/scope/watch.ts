/**
 * Who watches. With no probe attached, or none that wants to know anything, `watcher` is `undefined`: one check is all
 * that diagnostics cost then.
 */
import type { Observed, Probe } from "../ports/probe.ts";
import { report } from "./report.ts";

type Fact = Exclude<keyof Probe, "calling">;

const FACTS: readonly Fact[] = ["opened", "ended", "cancelled", "parked", "unparked", "refused", "carried", "dropped"];

/** What the core tells its facts to; `undefined` while nobody watches. `calling` is told by the function of that name. */
export let watcher: Required<Pick<Probe, Fact>> | undefined;

/** Calls a function for those that want to be around it; `undefined` while nobody does. Only here, so that a bundle without probes is without this. */
let around: (<T>(scope: Observed, fn: () => T) => T) | undefined;

const probes = new Set<Probe>();

/**
 * Attaches a probe until the returned object is disposed. Several may watch at once; one that throws is
 * detached and its error reported once, the others and the program go on.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { attachProbe } from "espalier/lowlevel";
 *
 * const attached = attachProbe({ opened: (scope) => console.log(scope.kind) });
 * await taskGroup(() => {}); // logs "taskGroup"
 * attached[Symbol.dispose]();
 * ```
 */
export function attachProbe(probe: Probe): Disposable {
  const own = { ...bound(probe) };
  probes.add(own);
  gather();
  return { [Symbol.dispose]: () => detach(own) };
}

/** Does what nobody is told of: a module may be loaded while somebody watches. */
export function unseen(act: () => void): void {
  const watching = [watcher, around] as const;
  watcher = around = undefined;
  act();
  [watcher, around] = watching;
}

/** Calls a function of the program as that of `scope`. */
export function calling<A, T>(scope: Observed, fn: (argument: A) => T, argument: A): T {
  return around === undefined ? fn(argument) : around(scope, () => fn(argument));
}

/** Whatever they do, it is called once, and gives what it gives. */
function callWithin<T>(probes: readonly Probe[], scope: Observed, fn: () => T): T {
  let give!: () => T;
  let call = once(() => {
    try {
      const value = fn();
      give = () => value;
    } catch (error) {
      give = () => {
        throw error;
      };
    }
  });
  for (const probe of probes) {
    const inner = call;
    call = once(() => {
      try {
        probe.calling!(scope, inner);
      } catch (error) {
        detach(probe);
        report(error);
      }
      inner();
    });
  }
  call();
  return give();
}

function once(call: () => void): () => void {
  let isCalled = false;
  return () => {
    if (isCalled) return;
    isCalled = true;
    call();
  };
}

function bound(probe: Probe): Probe {
  return Object.fromEntries(([...FACTS, "calling"] as const).flatMap((fact) => (probe[fact] === undefined ? [] : [[fact, probe[fact].bind(probe)]])));
}

function detach(probe: Probe): void {
  if (probes.delete(probe)) gather();
}

/** Each fact goes to those alone who want it. */
function gather(): void {
  const isWatched = [...probes].some((probe) => Object.keys(probe).length > 0);
  watcher = isWatched ? (Object.fromEntries(FACTS.map((fact) => [fact, telling(fact)])) as unknown as typeof watcher) : undefined;
  const interested = [...probes].filter((probe) => probe.calling !== undefined);
  around = interested.length === 0 ? undefined : (scope, fn) => callWithin(interested, scope, fn);
}

/** Looks nothing up when it is called: it is called for every task, and all facts share this code. */
function telling<F extends Fact>(fact: F): (about: never, what?: unknown, more?: unknown) => void {
  const interested = [...probes].filter((probe) => probe[fact] !== undefined);
  const [first, ...others] = interested.map((probe) => {
    const tell = probe[fact] as (about: never, what?: unknown, more?: unknown) => void;
    return (about: never, what?: unknown, more?: unknown): void => {
      try {
        tell(about, what, more);
      } catch (error) {
        detach(probe);
        report(error);
      }
    };
  });
  if (first === undefined) return ignore;
  if (others.length === 0) return first;
  return (about, what, more) => {
    first(about, what, more);
    for (const tell of others) tell(about, what, more);
  };
}

function ignore(): void {}
