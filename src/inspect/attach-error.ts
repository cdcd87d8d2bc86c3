import { printable } from "./printable.ts";

/** A program cannot be looked into: why, and what can be done. */
export class AttachError extends Error {
  override readonly name = "AttachError";
  readonly wayOut: string;

  constructor(message: string, wayOut: string) {
    // Some of it may be what the program said.
    super(printable(message));
    this.wayOut = wayOut;
  }
}
