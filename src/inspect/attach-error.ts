/** A program cannot be looked into: why, and what can be done. */
export class AttachError extends Error {
  override readonly name = "AttachError";
  readonly wayOut: string;

  constructor(message: string, wayOut: string) {
    super(message);
    this.wayOut = wayOut;
  }
}
