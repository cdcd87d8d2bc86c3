/** What the threads do. This module is loaded in each of them, so it declares works and does nothing else. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { work } from "espalier/threads";

const CHUNK = 1 << 20;

/** A path goes there and 64 letters come back: the file is read where it is hashed, in calls that may block, for it is not the main thread. */
export const hashFile = work(import.meta, "hashFile", (path: string, scope) => {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK);
  const file = openSync(path, "r");
  try {
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      hash.update(chunk.subarray(0, size));
      scope.throwIfCancelled(); // Ctrl-C is felt within a chunk
    }
    return hash.digest("hex");
  } finally {
    closeSync(file);
  }
});
