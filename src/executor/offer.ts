/** What a caller offers to the works it calls: functions of its own, under names that were declared. */
import { MisuseError } from "../errors/misuse.ts";
import { seen } from "../flow/arguments.ts";
import type { Scope } from "../task/capabilities.ts";
import type { Declaration, Offer, Work } from "./contract.ts";
import { declared, tryDeclarationOf } from "./work.ts";

/** The name of something that callers may offer: see {@link callback}. */
export interface Callback<I, R> extends Work<I, R> {
  /** Says what it is for one call: `{ offers: [progress.by((percent) => …)] }`. */
  by(fn: (input: I, scope: Scope) => R | Awaited<R> | PromiseLike<Awaited<R>>): Offer;
}

/**
 * Declares what callers may offer to a work. The module of the works declares it, the caller says what it does.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { callback, inline, work } from "espalier/executor";
 *
 * export const progress = callback<number>(import.meta, "progress");
 * export const crunch = work(import.meta, "crunch", async (steps: number, scope) => {
 *   for (let step = 1; step <= steps; step++) await scope.caller.call(progress, step / steps);
 *   return "done";
 * });
 *
 * await taskGroup(async (group) => {
 *   const offers = [progress.by((part) => console.log(part))];
 *   console.log(await inline.run(crunch, 2, group, { offers })); // 0.5, 1, "done"
 * });
 * ```
 */
export function callback<I = void, R = void>(meta: { readonly url: string }, name: string): Callback<I, R> {
  const fn = (): never => {
    throw new MisuseError("NOT_OFFERED", `"${name}" is a callback: it stands for what a caller offers, and does nothing by itself. A work calls it as scope.caller.call(${name}, …).`);
  };
  if (typeof meta?.url !== "string") throw new TypeError(`callback() needs import.meta first, to know the module that exports "${String(name)}", and got ${seen(meta)}.`);
  if (typeof name !== "string" || name === "") throw new TypeError(`callback() needs the name under which its module exports it, and got ${seen(name)}.`);
  const declaration: Declaration = { url: meta.url, name, fn, concurrency: Infinity };
  const by: Callback<I, R>["by"] = (fn) => {
    if (typeof fn !== "function") throw new TypeError(`${name}.by() needs the function that "${name}" stands for, and got ${typeof fn}.`);
    return { id: idOf(declaration), fn };
  };
  return declared({ by }, declaration) as unknown as Callback<I, R>;
}

/** What two sides know an offered function by. */
export function idOf({ url, name }: Declaration): string {
  return `${url}#${name}`;
}

/** An offer as it was given: made by `by`, or a work, which is offered as it is. Throws for what is neither. */
export function offerOf(given: Offer | Work<never, unknown>, call = "run()"): Offer {
  const declaration = tryDeclarationOf(given);
  const offer = declaration === undefined ? (given as Offer | undefined | null) : { id: idOf(declaration), fn: given as unknown as Offer["fn"] };
  if (typeof offer?.id === "string" && typeof offer.fn === "function") return offer;
  const what = declaration === undefined ? seen(given) : `the callback "${declaration.name}" without what it does`;
  throw new TypeError(`${call} needs offers that callbacks made, [progress.by((part) => …)], or works, and got ${what}.`);
}
