/** Two tasks that each have what the other one waits for, and a timer that shows it. */
import { type Scope, taskGroup } from "espalier";
import { Semaphore } from "espalier/sync";

const a = new Semaphore(1, { name: "a" });
const b = new Semaphore(1, { name: "b" });

const both = (first: Semaphore, second: Semaphore) => (scope: Scope) =>
  first.use(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    await second.use(() => {}, scope);
  }, scope);

await taskGroup((group) => {
  group.spawn(both(a, b), { name: "left" });
  group.spawn(both(b, a), { name: "right" });
});
