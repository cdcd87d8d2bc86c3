/** No bug: 10,000 tasks that wait, compute, fail, are cancelled and share what is limited. Debug mode has nothing to say. */
import { all, isCancelled, moveOnAfter, type Scope, sleep, suppressed, type Task, taskGroup } from "espalier";
import { CapacityLimiter, ResourcePool, Semaphore } from "espalier/sync";

const count = Number(process.argv[2] ?? 10_000);

const save = async (n: number): Promise<number> => {
  await Promise.resolve();
  return n;
};

await taskGroup(
  async (group) => {
    const pool = new ResourcePool(group, { create: (scope) => sleep(1, scope), max: 20, name: "connections" });
    const permits = new Semaphore(10, { name: "permits" });
    const places = new CapacityLimiter(10, { name: "places" });
    const kinds: ((n: number, scope: Scope) => unknown)[] = [
      (n, scope) => sleep(n % 20, scope),
      (n) => save(n),
      (n, scope) => pool.use(() => sleep(n % 3, scope), scope),
      (n, scope) => permits.use(() => save(n), scope),
      (_, scope) => places.use(() => scope.checkpoint(), scope),
      (_, scope) => scope.moveOnAfter(1, (inner) => sleep(1_000, inner)),
      (n, scope) => scope.map([1, 2, 3], (k) => save(n * k)),
      (n, scope) => scope.race([(own) => sleep(n % 5, own), (own) => sleep(1_000, own)]),
      async (n) => Promise.all([save(n), save(n + 1)]),
      async (n, scope) => {
        const failing = all([() => Promise.reject(new Error("one")), () => Promise.reject(new Error("two"))], scope);
        await failing.catch((error: unknown) => suppressed(error).length + n);
      },
      async (_, scope) => {
        try {
          await scope.moveOnAfter(1, (inner) => sleep(1_000, inner));
        } catch (error) {
          if (isCancelled(error)) throw error;
        }
      },
    ];
    await group.group(
      async (work) => {
        const cancelled: Task<unknown>[] = [];
        for (let n = 0; n < count; n++) {
          // As a server does: what comes is started, and the event loop has its turn.
          if (n % 50 === 0) await sleep(1, work);
          const task = work.spawn((scope) => kinds[n % kinds.length]!(n, scope));
          if (n % 100 === 0) cancelled.push(task);
        }
        for (const task of cancelled) task.cancel();
      },
      { concurrency: 500, name: "work" },
    );
    await moveOnAfter(5, (scope) => sleep(1_000, scope));
  },
  { name: "clean" },
);
console.log(`${count} tasks`);
