/** A program with a bit of everything: what is one after the other, what overlaps, a queue, a failure, a cancellation that goes down. */
import { run, sleep, sleepForever } from "espalier";

await run(
  async (scope) => {
    await scope.failAfter(60_000, (limit) => sleep(1, limit), { name: "limit" });
    await Promise.all([scope.moveOnAfter(60_000, (own) => sleep(3, own), { name: "left" }), scope.moveOnAfter(60_000, (own) => sleep(1, own), { name: "right" })]);
    await scope
      .group(
        async (group) => {
          group.spawn(() => sleep(1, group), { name: "quick" });
          group.spawn(
            async (own) => {
              await sleep(20, own);
              throw new Error("broken");
            },
            { name: "bad" },
          );
          group.spawn((own) => own.group((inner) => void inner.spawn(sleepForever, { name: "deep" }), { name: "below" }), { name: "stuck" });
          await sleepForever(group);
        },
        { name: "crawl", concurrency: 2 },
      )
      .catch(() => {});
  },
  { name: "main" },
);
console.log(process.argv.slice(2).join(" "));
process.exitCode = 3;
