/** The scope of a work, as a face of the library's own: that of any scope, with the caller beside it. */
import { MisuseError } from "../errors/misuse.ts";
import { OpenedScope } from "../task/opened-scope.ts";
import { findNode, nodeOf, windowOn } from "../task/face.ts";
import { PlainScope } from "../task/scopes.ts";
import type { Scope } from "../task/capabilities.ts";
import type { Caller, WorkScope } from "./contract.ts";

/** Where the scope of a work is in the tree; it has the caller. */
export abstract class WorkNode extends OpenedScope {
  abstract readonly caller: Caller;
}

class WorkFace extends PlainScope implements WorkScope {
  get caller(): Caller {
    const node = nodeOf(this);
    return node instanceof WorkNode ? node.caller : NOBODY;
  }
}

/** What a work is handed. */
export const workScopeOf: (node: WorkNode) => WorkScope = windowOn(WorkFace.prototype);
const besides = windowOn(WorkFace.prototype);

/** The scope that a work was called with in place, with the caller that it lacks. */
export function inPlace(scope: Scope | undefined): Scope | undefined {
  if (scope === undefined || "caller" in scope) return scope;
  const node = findNode(scope);
  return node === undefined ? scope : besides(node);
}

const nobody = (call: string): never => {
  throw new MisuseError(
    "NO_CALLER",
    `${call} was called in a work that was called in place, as a plain function: there is no caller elsewhere. ` +
      `Run it by an executor, inline.run(work, input, scope, { offers: [...] }), or call what you need directly.`,
  );
};

const NOBODY: Caller = {
  key: undefined,
  call: () => Promise.resolve().then(() => nobody("caller.call()")),
  callBlocking: () => nobody("caller.callBlocking()"),
  transfer: () => {},
};
