/** Measures one way of a row whenever its standard input has a line, a question as JSON or nothing, and prints the answer as one. */
import { createInterface } from "node:readline";
import process from "node:process";
import { collectYoung, type Ways } from "./sample.ts";

const [module, name] = process.argv.slice(2) as [string, string];
const { ways } = (await import(module)) as { readonly ways: Ways<unknown> };
const way = ways[name];
if (way === undefined) throw new Error(`${module} has no way ${name}, but ${Object.keys(ways).join(", ")}`);
const sample = await way();
for await (const question of createInterface({ input: process.stdin })) {
  collectYoung();
  console.log(JSON.stringify(await sample(question === "" ? undefined : JSON.parse(question))));
}
process.exit();
