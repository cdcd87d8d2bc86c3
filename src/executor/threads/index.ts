/** Works in threads. */
export * from "../index.ts";
export type { ThreadOptions } from "./options.ts";
export { openThreadPool, threadPool, threads } from "./threads.ts";
