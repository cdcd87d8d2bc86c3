/** Measures one way of a row whenever its standard input has a line, and prints the amount per item as one. */
import { createInterface } from "node:readline";
import process from "node:process";
import { collectYoung, type Ways } from "./sample.ts";

const [module, name] = process.argv.slice(2) as [string, string];
const { ways } = (await import(module)) as { readonly ways: Ways };
const way = ways[name];
if (way === undefined) throw new Error(`${module} has no way ${name}, but ${Object.keys(ways).join(", ")}`);
const sample = await way();
for await (const _ of createInterface({ input: process.stdin })) {
  collectYoung();
  console.log(await sample());
}
process.exit();
