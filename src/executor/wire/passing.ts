import type { EncodedFailure } from "./encoded.ts";

/** What was thrown, in the hands of somebody between its thrower and its catcher: it is handed on as it is, and nobody there needs its classes. */
export class PassingFailure {
  readonly encoded: EncodedFailure;

  constructor(encoded: unknown) {
    this.encoded = encoded as EncodedFailure;
  }
}
