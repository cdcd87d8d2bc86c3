import type { TaskGroup } from "../../index.ts";

/** One request, as its adapter sees it: from its arrival to the end of its group. */
export abstract class Visit<T> {
  /** Once it has begun. */
  group: TaskGroup | undefined = undefined;

  /** Calls the handler. */
  abstract start(group: TaskGroup): T | PromiseLike<T>;

  /** The answer shall be the last one on its connection. */
  drain(): void {}
}
