/**
 * The face of a scope towards the platform: an AbortSignal.
 *
 * One way only: our tree aborts signals, no signal of ours is ever listened to by us. The scope that a signal
 * belongs to is found through the signal itself, so that `{ ...scope }` and `{ signal: scope.signal }` are
 * recognised as the scope they come from.
 */

/** Not registered: another copy of the package has its own tree, to which this signal is a foreign one. */
const OWNER: unique symbol = Symbol("espalier.scope") as never;

type OwnedSignal = AbortSignal & { [OWNER]?: object };

export function createSignal(owner: object): AbortController {
  const controller = new AbortController();
  (controller.signal as OwnedSignal)[OWNER] = owner;
  return controller;
}

/** What was given to `createSignal`, if this copy of the package made `signal`. */
export function ownerOfSignal(signal: AbortSignal | undefined): object | undefined {
  return (signal as OwnedSignal | null | undefined)?.[OWNER];
}

/**
 * Aborts all of them, so that no listener on any of them sees another one not aborted yet: until its turn
 * comes, each reads as aborted through a property of its own. (Test: N23.)
 */
export function abortAll(controllers: readonly AbortController[], reason: unknown): void {
  if (controllers.length === 1) return controllers[0]!.abort(reason);
  const throwIfAborted = (): never => {
    throw reason;
  };
  const asAborted = Object.entries({ aborted: true, reason, throwIfAborted });
  for (const { signal } of controllers) {
    for (const [key, value] of asAborted) Reflect.defineProperty(signal, key, { value, configurable: true });
  }
  for (const controller of controllers) {
    // Deleted before and not after: some runtimes' abort() asks `aborted` first.
    for (const [key] of asAborted) Reflect.deleteProperty(controller.signal, key);
    controller.abort(reason);
  }
}
