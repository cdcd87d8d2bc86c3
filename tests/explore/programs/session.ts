/** A service's own code rather than a primitive: whoever logs out stays logged out. */
import assert from "node:assert/strict";
import type { Scope, TaskGroup } from "espalier";
import { LONG, type Study, work } from "../study.ts";

class Session {
  token: string | undefined = "first";

  async refresh(scope: Scope): Promise<void> {
    if (this.token === undefined) return;
    const fresh = await this.#issue(scope);
    if (this.token !== undefined) this.token = fresh;
  }

  logOut(): void {
    this.token = undefined;
  }

  /** Asks the server. */
  async #issue(scope: Scope): Promise<string> {
    await scope.checkpoint();
    return "second";
  }
}

/** The token is refreshed when the visit begins. */
async function visit(group: TaskGroup): Promise<void> {
  const session = new Session();
  group.spawn((scope) => session.refresh(scope), { name: "refresh" });
  group.spawn(
    async (scope) => {
      await work(LONG, scope);
      session.logOut();
    },
    { name: "visitor" },
  );
  group.defer(() => assert.equal(session.token, undefined, "logged in again"));
}

export const studies: Readonly<Record<string, Study>> = { visit: { program: visit, isSmall: true } };
