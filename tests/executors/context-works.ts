/** The works of the suite of context that travels, and its variables. */
import { contextVariable } from "espalier/context";
import { callback, threadPool, work } from "espalier/threads";

export interface Request {
  readonly id: string;
  seen: string[];
}

export const request = contextVariable<Request>("request", { travels: true, default: { id: "none", seen: [] } });
export const tenant = contextVariable<string | undefined>("tenant", { travels: true, default: "nobody" });
/** It stays where it is. */
export const local = contextVariable<string>("local", { default: "unset" });

export const idOf = work(import.meta, "idOf", (_input: void, scope) => `${request.get(scope).id} of ${tenant.get(scope)}`);
export const localOf = work(import.meta, "localOf", (_input: void, scope) => local.get(scope));

/** In scopes below the root, of a value of their own too. */
export const below = work(import.meta, "below", (_input: void, scope) =>
  scope.all([
    (own) => tenant.get(own),
    (own) => own.shield((inner) => tenant.get(inner)),
    (own) => tenant.run("inner", (inner) => tenant.get(inner), own),
    (own) => own.group((group) => group.spawn((task) => tenant.get(task)).join(group)),
  ]),
);

export const tell = callback<void, string>(import.meta, "tell");
/** Changes what it was given, and has the caller look in between. */
export const changes = work(import.meta, "changes", async (_input: void, scope) => {
  request.get(scope).seen.push("the work");
  const told = await tenant.run("the work", (own) => own.group((group) => scope.caller.call(tell, undefined, group)), scope);
  return [told, ...request.get(scope).seen];
});

/** Runs another one, further away from its caller. */
export const onwards = work(import.meta, "onwards", (_input: void, scope) => threadPool((pool) => pool.run(idOf, undefined, scope), { size: 1 }));

/** Asks by a variable that is declared only while it runs, each time: to the library, a module that is loaded anew. */
export const late = work(import.meta, "late", async (_input: void, scope) => {
  const { contextVariable: declare } = await import("espalier/context");
  return declare<string>("late", { travels: true, default: "unset" }).get(scope);
});
