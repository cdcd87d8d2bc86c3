import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bundleOf, lackOf, programs } from "./bundles.ts";
import { trial } from "./trial.ts";

describe("the programs that are weighed", () => {
  for (const program of programs.filter((one) => lackOf(one) === undefined)) {
    test(`${program.name}'s does what all of them do`, async () => {
      const { profile, gzipped, minified } = await bundleOf(program);
      assert.deepEqual(await trial(profile), []);
      assert.ok(gzipped > 0 && gzipped < minified);
    });
  }
});

test("trial() sees a program that aborts nobody", async () => {
  const kinds = ["user", "orders", "friends"];
  const careless = async (id: string): Promise<unknown> =>
    Promise.race([
      Promise.all(
        kinds.map(async (kind) => {
          const response = await fetch(`/${kind}/${id}`);
          if (!response.ok) throw new Error(kind);
          return response.json();
        }),
      ),
      // It may not wait for ever either, or there would be nothing to see.
      new Promise((_, reject) => setTimeout(reject, 50, new Error("late"))),
    ]);
  assert.deepEqual(await trial(careless), ["the first failure aborted none", "its time limit left /user/7,/orders/7,/friends/7 alone"]);
});
