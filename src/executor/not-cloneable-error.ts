import { stamp } from "../errors/brand.ts";

/**
 * An input, a result or a thrown value has a part that cannot cross to another thread or process. `path` names the part;
 * the message says what it is, and what to send instead.
 *
 * Instances of classes are no such part: they arrive as plain objects, without their methods.
 *
 * @example
 * ```ts
 * import { leaves, taskGroup } from "espalier";
 * import { NotCloneableError, openInlinePool, work } from "espalier/executor";
 *
 * export const resize = work(import.meta, "resize", (image: { name: string }) => image.name);
 *
 * const pool = openInlinePool({ clone: true }); // as threads and processes do
 * await taskGroup((group) => pool.run(resize, { name: "a", onDone: () => {} }, group)).catch((error) => {
 *   const [failure] = leaves(error);
 *   if (failure instanceof NotCloneableError) console.log(failure.path); // "input.onDone"
 * });
 * await pool.close();
 * ```
 */
export class NotCloneableError extends Error {
  /** For code that looks at codes. */
  get code(): "NOT_CLONEABLE" {
    return "NOT_CLONEABLE";
  }
  /** The part, from the outside in: `input.handlers[2].onDone`. */
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}
stamp(NotCloneableError, "NotCloneableError", "uncloneable");
