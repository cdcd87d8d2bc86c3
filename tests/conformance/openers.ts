/**
 * Every call that opens a scope, as one table, so that a guarantee about opening can be held against all of them.
 */
import { all, allSettled, any, failAfter, map, moveOnAfter, openTaskGroup, race, type Scope, taskGroup } from "espalier";

export interface Opener {
  readonly name: string;
  /** Opens it below `parent` with `body` as the function that runs in it. */
  open(parent: Scope, body: (scope: Scope) => unknown): Promise<unknown>;
}

type Body = (scope: Scope) => unknown;

const methods: Record<string, (parent: Scope, body: Body) => Promise<unknown>> = {
  "scope.group()": (parent, body) => parent.group(body),
  "a task of scope.group()": (parent, body) => parent.group((group) => void group.spawn(body)),
  "scope.failAfter()": (parent, body) => parent.failAfter(Infinity, body),
  "scope.moveOnAfter()": (parent, body) => parent.moveOnAfter(Infinity, body),
  "scope.all()": (parent, body) => parent.all([body]),
  "scope.allSettled()": (parent, body) => parent.allSettled([body]),
  "scope.race()": (parent, body) => parent.race([body]),
  "scope.any()": (parent, body) => parent.any([body]),
  "scope.map()": (parent, body) => parent.map([0], (_, scope) => body(scope)),
};

const roots: Record<string, (parent: Scope, body: Body) => Promise<unknown>> = {
  "taskGroup(…, scope)": (parent, body) => taskGroup(body, parent),
  "failAfter(…, scope)": (parent, body) => failAfter(Infinity, body, parent),
  "moveOnAfter(…, scope)": (parent, body) => moveOnAfter(Infinity, body, parent),
  "all(…, scope)": (parent, body) => all([body], parent),
  "allSettled(…, scope)": (parent, body) => allSettled([body], parent),
  "race(…, scope)": (parent, body) => race([body], parent),
  "any(…, scope)": (parent, body) => any([body], parent),
  "map(…, scope)": (parent, body) => map([0], (_, scope) => body(scope), parent),
};

const listed = (table: typeof methods): Opener[] => Object.entries(table).map(([name, open]) => ({ name, open }));

/** What a shield opens hears nothing from above, so most statements leave it out. */
export const shield: Opener = { name: "scope.shield()", open: (parent, body) => parent.shield(body) };

/** All that a cancellation from above reaches. */
export const openers: readonly Opener[] = [...listed(methods), ...listed(roots)];

/** The disposable form, with its block as the body. */
export const disposable: Opener = {
  name: "openTaskGroup(scope)",
  async open(parent, body) {
    const group = openTaskGroup(parent);
    try {
      const value = await body(group);
      await group.join();
      return value;
    } finally {
      await group[Symbol.asyncDispose]();
    }
  },
};
