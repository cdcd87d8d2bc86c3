/**
 * A failure as plain data, as it lies on the wire between threads and processes.
 *
 * A flat table: objects stand in `nodes`, each once, and refer to one another by their place. So shared objects stay
 * shared, circles stay circles, and no depth of a tree is a depth of recursion, neither here nor in the runtime's clone.
 * All of it is plain data to structured clone and to `v8.serialize`; it is not JSON.
 */
export interface EncodedFailure {
  readonly version: 1;
  /** What was thrown. */
  readonly thrown: EncodedValue;
  readonly nodes: readonly EncodedNode[];
}

/** A primitive as it is, or the place of an object in the table. */
export type EncodedValue = string | number | bigint | boolean | null | undefined | EncodedPlace;

export interface EncodedPlace {
  readonly at: number;
}

export type EncodedProperty = readonly [key: string, value: EncodedValue];

export type EncodedNode = EncodedError | EncodedData;

/** What stands in the table and is no error. */
export type EncodedData = (
  | { readonly kind: "object"; readonly own: readonly EncodedProperty[] }
  | { readonly kind: "array" | "set"; readonly items: readonly EncodedValue[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [key: EncodedValue, value: EncodedValue])[] }
  | { readonly kind: "date"; readonly ms: number }
  | { readonly kind: "regexp"; readonly source: string; readonly flags: string }
  | { readonly kind: "binary"; readonly bytes: ArrayBuffer | ArrayBufferView }
  /** It could not be read: what it was. */
  | { readonly kind: "lost"; readonly what: string }
) &
  Suppressing;

export interface EncodedError extends Suppressing {
  readonly kind: "error";
  /** The nearest class that every side knows: `"TypeError"`, `"espalier:cancelled"`. */
  readonly base: string;
  /** The user's class below it, where a module exports it. */
  readonly class?: ExportedClass | undefined;
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly own: readonly EncodedProperty[];
  /** Own properties that a loop over the error does not show: `cause`, `errors`, and what getters of a user's class gave. */
  readonly hidden: readonly EncodedProperty[];
}

interface Suppressing {
  /** What `suppressed()` gives for it. */
  readonly suppressed?: readonly EncodedValue[] | undefined;
}

/** Where a class can be imported from. */
export interface ExportedClass {
  readonly url: string;
  /** The name of the export, `"default"` included. */
  readonly name: string;
}

/**
 * What a failure may weigh on the wire, in characters: a value counts 8, an object 64, an error 512, text and bytes their
 * length. What comes when that is used up is described in a few words.
 */
export const MOST_WEIGHT: number = 2 ** 22;
/** The longest text that is sent, and the longest stack. */
export const LONGEST_TEXT: number = 2 ** 16;
export const LONGEST_STACK: number = 2 ** 14;
/** The most objects, and the most values in them, that a decoder reads: more than {@link MOST_WEIGHT} lets anybody send. */
export const MOST_READ: number = 2 ** 20;
