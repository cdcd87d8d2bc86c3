/** The scope of a work in the thread of its caller, and the way back to him, which is a short one. */
import { isCancelled } from "../../errors/cancelled.ts";
import type { Observed } from "../../ports/probe.ts";
import { forest, type ScopeNode } from "../../scope/node.ts";
import type { Cancellable, CancelScope } from "../../task/capabilities.ts";
import { nodeFor } from "../../task/park.ts";
import { openLimited } from "../../task/scopes.ts";
import type { Caller, Transferable, Work } from "../contract.ts";
import { WorkNode } from "../in-place.ts";
import { idOf } from "../offer.ts";
import type { Call } from "../pool/call.ts";
import { ask } from "../pool/requests.ts";
import { notCloneable } from "../wire/uncloneable.ts";
import { wouldBlock } from "../worker/remote-caller.ts";
import { declarationOf, knownBy } from "../work.ts";

export class InlineRoot extends WorkNode {
  readonly caller: InlineCaller;
  readonly of: Call;

  constructor(of: Call, pool: string, clones: boolean) {
    super("work", of.scope, knownBy(of.declaration, of.input), of.scope.clock);
    this.of = of;
    this.caller = new InlineCaller(this, pool, clones, of.options.key);
  }

  /** Also when it has been abandoned: what holds in a scope is looked up so. */
  override get owner(): Observed | undefined {
    // Probes are told of it while it is being made.
    return (this.of as Call | undefined)?.scope ?? super.owner;
  }

  /** Its call goes on without it. */
  moveOut(): void {
    count(this.parent!, -1);
    this.moveTo(forest);
    count(forest, 1);
  }
}

/** As an opened scope is counted where it is. */
function count(parent: ScopeNode, by: 1 | -1): void {
  const rare = (parent.rare ??= {});
  rare.scopes = (rare.scopes ?? 0) + by || undefined;
}

class InlineCaller implements Caller {
  readonly key: string | undefined;
  /** What goes along with a copy of the result. */
  readonly transfers: Transferable[] = [];
  readonly #root: InlineRoot;
  readonly #pool: string;
  readonly #clones: boolean;

  constructor(root: InlineRoot, pool: string, clones: boolean, key: string | undefined) {
    this.key = key;
    this.#root = root;
    this.#pool = pool;
    this.#clones = clones;
  }

  call<I, R>(offered: Work<I, R>, input: I, scope?: Cancellable): Promise<Awaited<R>> {
    const node = scope === undefined ? this.#root : nodeFor(scope, "caller.call()");
    const asked = (own: CancelScope): Promise<unknown> => this.#ask(offered, input, own);
    return openLimited(node, node.clock, "failAfter", Infinity, asked, { name: "caller.call" }) as Promise<Awaited<R>>;
  }

  callBlocking(): never {
    throw wouldBlock("this work runs in the thread of its caller, on the main thread as a rule, which would wait for itself");
  }

  transfer(...objects: readonly Transferable[]): void {
    this.transfers.push(...objects);
  }

  async #ask<I, R>(offered: Work<I, R>, input: I, own: CancelScope): Promise<unknown> {
    const root = this.#root;
    const declaration = declarationOf(offered, "caller.call()");
    // Of the call's own cancellation its caller knows, and whether it was abandoned (T07).
    if (root.interruption === undefined) own.throwIfCancelled();
    const { answer, cancel } = ask(root.of, idOf(declaration), this.#copy(input, "input", declaration.name), this.#pool);
    own.onCancel(() => {
      if (root.cause === undefined) cancel();
    });
    try {
      return this.#copy(await answer, "result", declaration.name);
    } catch (error) {
      throw (isCancelled(error) ? own.reason : undefined) ?? error;
    }
  }

  #copy<T>(value: T, role: "input" | "result", name: string): T {
    if (!this.#clones) return value;
    try {
      return structuredClone(value);
    } catch (error) {
      throw notCloneable(value, role, name, error);
    }
  }
}
