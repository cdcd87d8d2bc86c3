/** Whose function runs: followed through its awaits, from when somebody asks for that on. */
import { newStorage } from "#engine";
import { attachProbe, type Observed } from "../lowlevel.ts";
import type { ContextStorage } from "./engine/features.ts";
import { functionOf } from "./life.ts";

let storage: ContextStorage<Observed> | undefined;

/** Cost from then on: one `AsyncLocalStorage.run` for each function of a task. */
export function follow(): void {
  if (storage !== undefined || newStorage === undefined) return;
  const followed = (storage = newStorage<Observed>());
  attachProbe({
    calling(scope, call) {
      const whose = functionOf(scope);
      if (followed.getStore() === whose) call();
      else followed.run(whose, call);
    },
  });
}

/** The task, or the root, that what runs now belongs to; `undefined` outside of all, and where it is not followed. */
export function around(): Observed | undefined {
  return storage?.getStore();
}
