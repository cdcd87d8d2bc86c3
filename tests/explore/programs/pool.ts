/** The pool: never more open than allowed, nothing with two users, nothing lost. */
import assert from "node:assert/strict";
import type { Scope, TaskGroup } from "espalier";
import { Pool, type Resource } from "../primitives/pool.ts";
import { LONG, type Study, work } from "../study.ts";

class Connections {
  readonly pool: Pool<Resource>;
  readonly #used = new Set<Resource>();
  #open = 0;

  constructor(most: number) {
    this.pool = new Pool(most, {
      open: async (scope) => {
        assert.ok(++this.#open <= most, `${this.#open} of ${most} are open`);
        try {
          await scope.checkpoint();
          return {};
        } catch (error) {
          this.#open--;
          throw error;
        }
      },
      check: async (_, scope) => {
        try {
          await scope.checkpoint();
        } catch (error) {
          // The pool throws away what could not be checked.
          this.#open--;
          throw error;
        }
      },
    });
  }

  async borrow(scope: Scope): Promise<Resource> {
    const connection = await this.pool.acquire(scope);
    assert.ok(!this.#used.has(connection), "one connection, two users");
    this.#used.add(connection);
    return connection;
  }

  giveBack(connection: Resource): void {
    this.#used.delete(connection);
    this.pool.release(connection);
  }

  async use(scope: Scope, body: () => Promise<void>): Promise<void> {
    const connection = await this.borrow(scope);
    try {
      await body();
    } finally {
      this.giveBack(connection);
    }
  }
}

async function limit(group: TaskGroup): Promise<void> {
  const connections = new Connections(1);
  for (const [index, name] of ["a", "b", "c"].entries()) {
    group.spawn(
      async (scope) => {
        await work(4 * index, scope);
        await connections.use(scope, () => scope.checkpoint());
      },
      { name },
    );
  }
  group.defer((scope) => connections.use(scope, async () => {}));
}

/** Two jobs that need two connections each, of three; two are open. */
async function twoEach(group: TaskGroup): Promise<void> {
  const connections = new Connections(3);
  await connections.use(group, () => connections.use(group, async () => {}));
  group.spawn((scope) => connections.use(scope, () => connections.use(scope, () => work(2, scope))), { name: "compares" });
  group.spawn(
    async (scope) => {
      const from = await connections.borrow(scope);
      const to = await connections.borrow(scope);
      await work(LONG, scope);
      connections.giveBack(from);
      await work(LONG, scope);
      connections.giveBack(to);
    },
    { name: "copies" },
  );
}

export const studies: Readonly<Record<string, Study>> = {
  limit: { program: limit, faults: ["cancel"] },
  twoEach: { program: twoEach },
};
