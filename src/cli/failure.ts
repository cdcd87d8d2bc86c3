/**
 * How a command fails: with a message that says what was tried and what was seen, a way out, and an exit code.
 *
 *     0  done        1  the command failed        2  it was called wrongly        128 + n  ended by signal n
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly wayOut: string;
  readonly exitCode: number;

  constructor(message: string, wayOut: string, options?: { readonly exitCode?: number; readonly cause?: unknown }) {
    super(message, { cause: options?.cause });
    this.wayOut = wayOut;
    this.exitCode = options?.exitCode ?? 1;
  }
}
