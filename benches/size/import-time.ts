/** The time of a first import, in a process of its own each time. */
import { pathToFileURL } from "node:url";
import { type Line, quantity } from "../board.ts";
import { fileOf } from "../child.ts";
import type { Measured } from "../measure.ts";
import type { Row } from "../row.ts";
import { runtimes } from "../runtimes.ts";
import type { Ways } from "../sample.ts";
import { type JavaScriptWay, linesOf, onPython, onRuntime, type PythonWay } from "../systems.ts";

const folder = process.env["ESPALIER_DIST"];
const ours = folder === undefined ? new URL("../../dist/index.js", import.meta.url).href : pathToFileURL(`${folder}/index.js`).href;

const specifiers: Readonly<Record<string, string>> = { "espalier": ours, "p-map": "p-map", "abort-controller-x": "abort-controller-x", "effection": "effection", "rxjs": "rxjs", "effect": "effect", "effect/Effect": "effect/Effect" };

export const ways: Ways = Object.fromEntries(
  Object.entries(specifiers).map(([name, specifier]) => [
    name,
    () => async () => {
      const began = performance.now();
      await import(specifier);
      return performance.now() - began;
    },
  ]),
);

const espalier: JavaScriptWay = { way: "espalier", system: "espalier", family: "espalier" };
const named: readonly JavaScriptWay[] = [
  espalier,
  ...["p-map", "abort-controller-x", "effection", "rxjs", "effect"].map((name): JavaScriptWay => ({ way: name, system: name, family: "package", maker: name })),
  { way: "effect/Effect", system: "effect, its module Effect alone", family: "package", maker: "effect" },
];

const inPython: readonly PythonWay[] = [
  { way: "asyncio", system: "asyncio" },
  { way: "trio", system: "trio", packages: ["trio"] },
  { way: "anyio", system: "anyio", packages: ["anyio"] },
  { way: "httpx", system: "httpx", packages: ["httpx"] },
];

const program = fileOf("imports.py", import.meta.url);

const cellsOf = ({ amounts }: Measured<number>): Line["cells"] => ({ amount: quantity(amounts) });

export const row: Row = {
  async measure() {
    const elsewhere = runtimes().slice(1);
    const systems = [...onRuntime(named), ...elsewhere.flatMap((runtime) => onRuntime([espalier], runtime)), ...onPython(program, inPython)];
    const lines = await linesOf<number>(import.meta.url, systems, cellsOf, { warmUps: 1, rounds: 15, fewest: 9, budget: 60_000, fresh: true });
    return [
      {
        board: "The time of an import",
        about: "The first import of a package by a process that has started, its files in the system's cache.",
        columns: [{ key: "amount", head: "import", unit: "ms" }],
        lines,
        plot: { kind: "bars", column: "amount", better: "less", label: "ms" },
      },
    ];
  },
};
