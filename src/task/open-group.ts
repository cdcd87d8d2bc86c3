import type { GroupOptions, RootOptions, TaskGroup } from "./capabilities.ts";
import { ForeignRoot } from "./foreign-root.ts";
import { type Group, runGroup } from "./group.ts";
import { closing, placeOf } from "./roots.ts";
import { GroupScope, makeGroup } from "./scopes.ts";

/** A task group that is left with `await using`, and waited for with `join()`. */
export type OpenTaskGroup = TaskGroup &
  AsyncDisposable & {
    /** Ends the block: waits for the tasks, and throws what `taskGroup` would throw. */
    join(): Promise<void>;
  };

/**
 * The disposable form of `taskGroup`, for where a callback does not fit.
 *
 * A disposer cannot learn whether its block failed. So leaving the block without `await group.join()` cancels
 * the tasks and waits for them; with it, they are waited for. Failures surface as the language does it: a
 * TaskGroupError, inside a SuppressedError where the block failed too (`leaves` looks through both).
 *
 * @example
 * ```ts
 * import { openTaskGroup, sleep } from "espalier";
 *
 * const group = openTaskGroup(); // where the syntax exists: await using group = openTaskGroup();
 * try {
 *   group.spawn((scope) => sleep(10, scope));
 *   await group.join();
 * } finally {
 *   await group[Symbol.asyncDispose]();
 * }
 * ```
 */
export function openTaskGroup(options?: (GroupOptions & RootOptions) | undefined): OpenTaskGroup {
  const place = placeOf(options, "openTaskGroup");
  let group: Group;
  try {
    group = makeGroup(place.parent, place.clock, place.name ?? "openTaskGroup", options, "openTaskGroup()");
  } catch (error) {
    if (place.parent instanceof ForeignRoot) place.parent.close();
    throw error;
  }
  return new BlockGroup(group, (call) => closing(place, call), options?.errors);
}

class BlockGroup extends GroupScope implements AsyncDisposable {
  #leave!: () => void;
  #isLeft = false;
  readonly #call: Promise<void>;

  constructor(group: Group, closed: (call: Promise<void>) => Promise<void>, errors: GroupOptions["errors"]) {
    super(group);
    const block = new Promise<void>((resolve) => (this.#leave = resolve));
    this.#call = closed(runGroup(group, () => block, errors, () => {}));
    group.call = this.#call;
    // Nobody can leave the block of a function that has returned.
    (group.rare ??= {}).onDisowned = this.#leave;
  }

  join(): Promise<void> {
    this.#isLeft = true;
    this.#leave();
    // A promise of its own: a join that nobody awaits is loud, although the disposer waits for the same call.
    return this.#call.then(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever joined has been told how it ended.
    const isJoined = this.#isLeft;
    if (!isJoined) this.cancel();
    this.#isLeft = true;
    this.#leave();
    await this.#call.catch((error: unknown) => {
      if (!isJoined) throw error;
    });
  }
}
