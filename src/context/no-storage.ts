import type { AmbientStorage } from "./ambient-storage.ts";

/** Browsers have nothing that follows a task. */
export const storage: AmbientStorage | undefined = undefined;
