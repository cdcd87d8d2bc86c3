/** How a process is started. Times in ms, sizes in bytes. */
export interface ProcessOptions {
  readonly cwd?: string | undefined;
  /** In place of this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What it reads: nothing, this text, what this process reads, or what is written to `started.stdin`. By default nothing. */
  readonly stdin?: "ignore" | "inherit" | "pipe" | { readonly text: string } | undefined;
  /**
   * Where its output goes: `"keep"` (default) into the result, `"inherit"` where this process's goes, `"ignore"` nowhere, `"pipe"` to
   * whoever iterates over `started.stdout`: it then waits while nobody reads.
   */
  readonly stdout?: Output | undefined;
  readonly stderr?: Output | undefined;
  /** So many of the last bytes of each output are kept; by default 1 MiB. */
  readonly keep?: number | undefined;
  /** Asks it to end; by default SIGTERM. */
  readonly signal?: string | undefined;
  /** After so long it is killed; by default 5,000. */
  readonly grace?: number | undefined;
  /** Gives its exit whatever the code is; else another one than 0 is thrown as a {@link ProcessError}. */
  readonly anyCode?: boolean | undefined;
  /**
   * It gets a process group of its own, whose other members end with it: what a shell started in the background, for one. By default
   * true, but where it reads from the terminal, and on Windows, where there is none.
   */
  readonly processGroup?: boolean | undefined;
}

/** Where the output of a process goes. */
export type Output = "keep" | "inherit" | "ignore" | "pipe";
