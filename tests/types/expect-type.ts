/**
 * Types compared by the compiler: what does not hold does not compile.
 *
 * `expectType(value).is<Expected>()` asks for the very type, not for one that is assignable: `any`, a wider union
 * or a missing `readonly` is an error.
 */

/** Whether two types are one and the same, `any` and modifiers included. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export interface Expectation<Actual> {
  /** Compiles only where the type of the value is `Expected` itself; the argument it asks for otherwise shows both. */
  is<Expected>(...mismatch: Same<Actual, Expected> extends true ? [] : [{ actual: Actual; expected: Expected }]): void;
}

export function expectType<Actual>(_value: Actual): Expectation<Actual> {
  return { is() {} };
}
