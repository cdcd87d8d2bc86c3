/**
 * Who watches. With no probe attached `watcher` is `undefined`: one check is all that diagnostics cost then.
 */
import type { Probe } from "../ports/probe.ts";
import { report } from "./report.ts";

type Fact = keyof Probe;

/** What the core tells its facts to; `undefined` while nobody watches. */
export let watcher: Required<Probe> | undefined;

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
  watcher = fanOut;
  return { [Symbol.dispose]: () => detach(own) };
}

/** Does what nobody is told of: a module may be loaded while somebody watches. */
export function unseen(act: () => void): void {
  const watching = watcher;
  watcher = undefined;
  act();
  watcher = watching;
}

function bound(probe: Probe): Probe {
  const facts: Fact[] = ["opened", "ended", "cancelled", "parked", "unparked", "refused", "dropped"];
  return Object.fromEntries(facts.flatMap((fact) => (probe[fact] === undefined ? [] : [[fact, probe[fact].bind(probe)]])));
}

function detach(probe: Probe): void {
  probes.delete(probe);
  if (probes.size === 0) watcher = undefined;
}

function tell<F extends Fact>(fact: F): Required<Probe>[F] {
  return (about: never, what?: unknown) => {
    for (const probe of probes) {
      try {
        probe[fact]?.(about, what as never);
      } catch (error) {
        detach(probe);
        report(error);
      }
    }
  };
}

const fanOut: Required<Probe> = {
  opened: tell("opened"),
  ended: tell("ended"),
  cancelled: tell("cancelled"),
  parked: tell("parked"),
  unparked: tell("unparked"),
  refused: tell("refused"),
  dropped: tell("dropped"),
};
