/** What a value from outside must be, in a few words: each is a question, and together they give its type. Own fields only; nothing of it is called. */

export type Schema<T> = (value: unknown) => value is T;

export const anything: Schema<unknown> = (_value): _value is unknown => true;
export const text: Schema<string> = (value): value is string => typeof value === "string" && value.length <= LONGEST_TEXT;
export const flag: Schema<boolean> = (value): value is boolean => typeof value === "boolean";
export const number: Schema<number> = (value): value is number => typeof value === "number" && value === value;
/** A whole number from 0 up. */
export const whole: Schema<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** What can be a word of a subject: whoever sends it becomes part of where others send to. */
export const word: Schema<string> = (value): value is string => typeof value === "string" && /^[A-Za-z0-9_-]{1,80}$/.test(value);

const LONGEST_TEXT = 2 ** 16;
const MOST_ITEMS = 2 ** 16;

export function literal<const T>(...values: readonly T[]): Schema<T> {
  return (value): value is T => (values as readonly unknown[]).includes(value);
}

export function optional<T>(of: Schema<T>): Schema<T | undefined> {
  return (value): value is T | undefined => value === undefined || of(value);
}

export function list<T>(of: Schema<T>): Schema<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.length <= MOST_ITEMS && value.every((item) => of(item));
}

/** Exactly so long. */
export function tuple<T extends readonly unknown[]>(...schemas: { readonly [K in keyof T]: Schema<T[K]> }): Schema<T> {
  return (value): value is T => Array.isArray(value) && value.length === schemas.length && schemas.every((of, at) => of((value as readonly unknown[])[at]));
}

/** Fields that are not named are let through, and nobody looks at them. */
export function record<T extends object>(fields: { readonly [K in keyof T]-?: Schema<T[K]> }): Schema<T> {
  const known = Object.entries<Schema<unknown>>(fields);
  return (value): value is T =>
    typeof value === "object" && value !== null && !Array.isArray(value) && known.every(([key, of]) => of(Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined));
}
