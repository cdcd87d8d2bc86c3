/** The comparison that the other files rest on can fail. */
import { expectType } from "./expect-type.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- what is tested
declare const anything: any;
declare const number: number;
declare const union: number | string;
declare const tuple: [number, string];
declare const nothing: never;

expectType(number).is<number>();
// @ts-expect-error any is not a number
expectType(anything).is<number>();
// @ts-expect-error … nor is a number any
expectType(number).is<typeof anything>();
// @ts-expect-error a part of a union is not the union
expectType(number).is<number | string>();
// @ts-expect-error … nor the union its part
expectType(union).is<number>();
// @ts-expect-error a tuple is no array
expectType(tuple).is<(number | string)[]>();
// @ts-expect-error … nor a read-only tuple
expectType(tuple).is<readonly [number, string]>();
// @ts-expect-error never is nothing else
expectType(nothing).is<undefined>();
