/**
 * B02 in the words of the language. In a file of its own: runtimes without the `await using` syntax cannot even
 * parse it.
 */
import assert from "node:assert/strict";
import { moveOnAfter, sleepForever } from "espalier";
import { scenario } from "./case.ts";

scenario("B02: what a task owns by `await using` is disposed of, though its group was cancelled before it was spawned", async ({ clock }) => {
  let disposed = 0;
  await moveOnAfter(
    Infinity,
    (scope) =>
      scope.group(async (group) => {
        scope.cancel();
        const resource: AsyncDisposable = { [Symbol.asyncDispose]: async () => void disposed++ };
        group.spawn(async (own) => {
          await using _owned = resource;
          await sleepForever(own);
        });
        await group.checkpoint();
      }),
    { clock },
  );
  assert.equal(disposed, 1);
});
