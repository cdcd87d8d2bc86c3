/**
 * The context variables whose values go along with the calls of works, and the values that came along.
 *
 * Invariants
 *   1. Of one name there is one that travels. Where a module is loaded anew, its variable takes the place of the former one.
 *   2. What came along is kept by the root of the call, by name: a variable that is declared later, by a module that the work imports, finds it too.
 *   3. Where none travels, a call costs one look at that.
 */
import { MisuseError } from "../errors/misuse.ts";
import type { Observed } from "../ports/probe.ts";

/** The value that a scope has of a variable. */
export interface Held<T> {
  readonly value: T;
}

export type Travelling = readonly (readonly [name: string, value: unknown])[];

type Look = (at: Observed) => Held<unknown> | undefined;

interface Traveller {
  readonly site: Site | undefined;
  readonly look: Look;
}

/** Where a variable is declared: the module, the very address that it was loaded by, and the place in it. */
interface Site {
  readonly module: string;
  readonly address: string;
  readonly place: string;
}

const travellers = new Map<string, Traveller>();
const arrivals = new WeakMap<Observed, ReadonlyMap<string, unknown>>();
let hasArrivals = false;

/** Lets the values that `look` finds travel. Throws MisuseError if another variable of that name does. */
export function letTravel(name: string, look: Look): void {
  const site = siteOf(new Error().stack);
  const former = travellers.get(name);
  if (former !== undefined && !isReload(former.site, site)) {
    throw new MisuseError(
      "DECLARED_TWICE",
      `Two context variables are declared with the name "${name}" and travels: true, ${placeOf(former.site)} and ${placeOf(site)}. A worker finds them by that name, and could not ` +
        `tell one from the other. If they are one, declare it in a module that both import; else give one another name.`,
    );
  }
  travellers.set(name, { site, look });
}

/** What goes along with a call that is made in `scope`. What came here from further away goes on. */
export function travellingIn(scope: Observed): Travelling | undefined {
  if (travellers.size === 0 && !hasArrivals) return undefined;
  const found = new Map<string, unknown>();
  for (let at: Observed | undefined = scope; at !== undefined; at = at.owner) {
    for (const [name, { look }] of travellers) {
      const held = found.has(name) ? undefined : look(at);
      if (held !== undefined) found.set(name, held.value);
    }
    for (const [name, value] of arrivals.get(at) ?? []) if (!found.has(name)) found.set(name, value);
  }
  return found.size === 0 ? undefined : [...found];
}

/** Lets what came along hold in `root` and below. */
export function arrive(root: Observed, values: Travelling): void {
  hasArrivals = true;
  arrivals.set(root, new Map(values));
}

/** What came along, to this very scope, under that name. */
export function arrivedAt(at: Observed, name: string): Held<unknown> | undefined {
  const values = arrivals.get(at);
  return values?.has(name) === true ? { value: values.get(name) } : undefined;
}

/** The same place of the same module, whatever was appended to its address; or another place, if that has changed with the address. */
function isReload(former: Site | undefined, site: Site | undefined): boolean {
  if (former === undefined || former.module !== site?.module) return false;
  return former.place === site.place || former.address !== site.address;
}

/** A line of a stack that has a place: the file, and where in it. */
const PLACE = /([^\s(@]+?):(\d+:\d+)\)?$/;

/** `letTravel`, the constructor and the function that users call: what is on the stack above where a variable is declared. */
const OURS = 3;

/** The first place on a stack that is not ours. How files are called is the engine's affair: by address, by path (Bun), or as a source map says. */
function siteOf(stack: string | undefined): Site | undefined {
  const places = (stack ?? "").split("\n").flatMap((line) => (PLACE.test(line) ? [PLACE.exec(line)!] : []));
  const folder = /^(.*)travelling\.[jt]s$/.exec(places[0]?.[1] ?? "")?.[1];
  const isOurs = (file: string): boolean => file.startsWith(`${folder}travelling.`) || file.startsWith(`${folder}variable.`);
  // In a bundle all are of one file.
  const found = folder === undefined ? places[OURS] : places.find(([, file]) => !isOurs(file!));
  if (found === undefined) return undefined;
  const address = found[1]!;
  return { module: address.replace(/[?#].*$/s, ""), address, place: found[2]! };
}

function placeOf(site: Site | undefined): string {
  return site === undefined ? "at a place unknown" : `at ${site.address}:${site.place}`;
}
