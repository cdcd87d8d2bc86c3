import type { TaskGroup } from "../../index.ts";
import { RequestError } from "./request-error.ts";

/** Cancels the group when the client goes away, as a web Request tells it. */
export async function withClient<T>(signal: AbortSignal, group: TaskGroup, body: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
  const gone = (): void => group.cancel(new RequestError("CLIENT_GONE"));
  if (signal.aborted) gone();
  else signal.addEventListener("abort", gone);
  try {
    return await body(group);
  } finally {
    signal.removeEventListener("abort", gone);
  }
}
