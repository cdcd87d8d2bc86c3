/** Bug 5: two tasks each have the place that the other one waits for. Run with ESPALIER_DEBUG=1. */
import { type Scope, taskGroup } from "espalier";
import { CapacityLimiter } from "espalier/sync";

const [left, right] = ["left", "right"].map((name) => new CapacityLimiter(1, { name })) as [CapacityLimiter, CapacityLimiter];

const both = (first: CapacityLimiter, second: CapacityLimiter) => (scope: Scope) =>
  first.use(async () => {
    await scope.checkpoint();
    await new Promise((resolve) => setImmediate(resolve)); // stands for work
    await second.use(() => console.log("has both"), scope);
  }, scope);

// Node.js ends it with code 13: what is awaited can never end.
await taskGroup(
  (group) => {
    group.spawn(both(left, right), { name: "philosopher 1" });
    group.spawn(both(right, left), { name: "philosopher 2" });
  },
  { name: "table" },
);
