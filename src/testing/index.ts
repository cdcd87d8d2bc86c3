/** For tests of programs that use espalier. */
export { testClock, type TestClock } from "./clock.ts";
