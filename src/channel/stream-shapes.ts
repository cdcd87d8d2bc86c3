/** As much of the platforms' streams as the bridges need. `ReadableStream`, `WritableStream` and Node's streams fit. */

export interface ReadableStreamLike<T> {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>;
    cancel(reason?: unknown): Promise<unknown>;
    releaseLock(): void;
  };
}

export interface WritableStreamLike<T> {
  getWriter(): {
    readonly ready: Promise<unknown>;
    readonly closed: Promise<unknown>;
    write(chunk: T): Promise<unknown>;
    close(): Promise<unknown>;
    abort(reason?: unknown): Promise<unknown>;
    releaseLock(): void;
  };
}

/** `Writable` of `node:stream`, and what is written like it. */
export interface NodeWritableLike {
  readonly destroyed?: boolean | undefined;
  readonly writableFinished?: boolean | undefined;
  readonly errored?: Error | null | undefined;
  write(chunk: never): boolean;
  end(): unknown;
  destroy(error?: Error): unknown;
  on(event: "drain" | "finish" | "error" | "close", listener: (error?: never) => void): unknown;
  off(event: "drain" | "finish" | "error" | "close", listener: (error?: never) => void): unknown;
}
