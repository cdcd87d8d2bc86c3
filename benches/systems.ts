/** Who stands on a board: systems in all the runtimes that there are, measured in the same rounds. */
import type { Family, Line } from "./board.ts";
import { type Entrant, type Measured, measureRounds, type Plan } from "./measure.ts";
import { entrantOf, type Need, type Python, pythonWith } from "./pythons.ts";
import { missing, versioned } from "./rival.ts";
import type { MissingRuntime } from "./runtimes.ts";
import { node, type Runtime } from "./way.ts";

export interface System {
  readonly system: string;
  readonly family: Family;
  readonly on: string;
  /** Who is measured; or what is missing. */
  readonly entrant: Entrant | { readonly missing: string };
}

/** A way of a row's module. */
export interface JavaScriptWay {
  readonly way: string;
  /** How it is called on the board, without the version of its package. */
  readonly system: string;
  readonly family: Family;
  /** The package that it needs, and that its name has. */
  readonly maker?: string | undefined;
  /** By which client or tool it works, where others have the same way. */
  readonly by?: string;
  readonly about?: unknown;
}

/** The ways of a module on one runtime. */
export function onRuntime(ways: readonly JavaScriptWay[], runtime: Runtime | MissingRuntime = node): System[] {
  return ways.map(({ way, system: plain, family, maker, by, about }) => {
    const system = maker === undefined ? plain : plain.replace(maker, versioned(maker));
    const lack = "missing" in runtime ? runtime.missing : maker === undefined ? undefined : missing(maker);
    const on = by === undefined ? runtime.name : `${by}, ${runtime.name}`;
    if (lack !== undefined || "missing" in runtime) return { system, family, on, entrant: { missing: lack! } };
    return { system, family, on, entrant: { name: `${system} · ${on}`, way, runtime, about } };
  });
}

/** A way of a Python program. */
export interface PythonWay extends Need {
  readonly way: string;
  readonly system: string;
  readonly about?: unknown;
  readonly environment?: Readonly<Record<string, string>>;
  /** Said of the interpreter, where it is started in a way of its own. */
  readonly remark?: string;
}

/** The ways of a Python program, each on the newest Python that has what it needs. `on`: of all the same one, where it has it. */
export function onPython(program: string, ways: readonly PythonWay[], on?: Python): System[] {
  return ways.map(({ way, system, about, environment, remark = "", ...need }) => {
    const fits = on !== undefined && (need.packages ?? []).every((name) => name in on.packages);
    const python = fits ? on : pythonWith(need);
    if ("missing" in python) return { system, family: "python", on: "Python", entrant: python };
    const versions = (need.packages ?? []).map((name) => `${name} ${python.packages[name]}`).join(", ");
    const where = `CPython ${python.version}${remark}${versions === "" ? "" : `, ${versions}`}`;
    return { system, family: "python", on: where, entrant: { ...entrantOf(python, `${system} · ${where}`, way, program, environment), about } };
  });
}

/** Measures all systems, and gives a line for each. What was missing before, or was lost on the way, is said in its line. */
export async function linesOf<A>(module: string, systems: readonly System[], cellsOf: (measured: Measured<A>, all: ReadonlyMap<string, Measured<A>>, system: System) => Line["cells"], plan: Plan = {}): Promise<Line[]> {
  const entrants = systems.flatMap(({ entrant }) => ("missing" in entrant ? [] : [entrant]));
  const measured = await measureRounds<A>(module, entrants, plan);
  return systems.map((one): Line => {
    const { system, family, on, entrant } = one;
    if ("missing" in entrant) return { system, family, on, cells: {}, missing: entrant.missing };
    const found = measured.get(entrant.name)!;
    if (found.lost !== undefined) return { system, family, on, cells: {}, missing: found.lost };
    return { system, family, on, cells: cellsOf(found, measured, one) };
  });
}
