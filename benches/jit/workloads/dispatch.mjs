/** 10,000 tasks that wait once, started together and waited for. */
import process from "node:process";
import { pathToFileURL } from "node:url";
import { timed } from "../timed.mjs";

const items = process.env["BENCH_QUICK"] === "1" ? 100 : 10_000;
const folder = process.env["ESPALIER_DIST"];
const work = Array.from({ length: items }, (_, number) => async () => {
  await null;
  return number;
});

export const ways = {
  async "taskGroup"() {
    const { taskGroup } = await import(folder === undefined ? new URL("../../../dist/index.js", import.meta.url).href : pathToFileURL(`${folder}/index.js`).href);
    return timed(items, () =>
      taskGroup((/** @type {{ spawn(fn: () => unknown): void }} */ group) => {
        for (const fn of work) group.spawn(fn);
      }),
    );
  },
  "Promise.all": () => timed(items, () => Promise.all(work.map((fn) => fn()))),
};
