/** A module that workers load to its end only when there is a file, where they were told of one. */
import { existsSync } from "node:fs";
import { work } from "espalier/executor";

export const late = work(import.meta, "late", () => "ran");
export const lateAlone = work(import.meta, "lateAlone", () => "ran", { concurrency: 1 });

const [path] = process.argv.filter((arg) => arg.startsWith("loaded-by=")).map((arg) => arg.slice("loaded-by=".length));
while (path !== undefined && !existsSync(path)) await new Promise((resolve) => void setImmediate(resolve));
