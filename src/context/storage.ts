import { AsyncLocalStorage } from "node:async_hooks";
import type { Scope } from "../task/capabilities.ts";
import type { AmbientStorage } from "./ambient-storage.ts";

/** Node.js, Bun, Deno. The only one there is: each costs every task of the process. */
export const storage: AmbientStorage | undefined = new AsyncLocalStorage<Scope>();
