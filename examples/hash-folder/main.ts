/**
 * Hashes all files below a folder, in threads, and prints them in the order in which they are found. The folder is listed no faster than files
 * are hashed. A file that cannot be read is reported, and the others go on. Ctrl-C stops all.
 *
 *   npx node --conditions=espalier:source examples/hash-folder/main.ts [folder]
 *
 * Without a folder it makes one, with a link in it that leads nowhere.
 */
import { mkdtemp, opendir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { run, type Scope } from "espalier";
import { mapStream } from "espalier/flow";
import { type Executor, threadPool } from "espalier/threads";
import { hashFile } from "./works.ts";

const THREADS = 2;
/** Twice as many as are hashed at a time: the next file is there when a thread is ready. */
const AHEAD = 2 * THREADS;

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const entry of await opendir(folder, { recursive: true })) if (!entry.isDirectory()) yield join(entry.parentPath, entry.name);
}

async function hashFolder(folder: string, pool: Executor, scope: Scope): Promise<void> {
  let files = 0;
  let failed = 0;
  const lineOf = async (path: string, own: Scope): Promise<string> => {
    const name = relative(folder, path).replaceAll("\\", "/");
    try {
      return `${await pool.run(hashFile, path, own)}  ${name}`;
    } catch (error) {
      own.throwIfCancelled();
      failed++;
      return `${(error as NodeJS.ErrnoException).code}  ${name}`; // an error comes from its thread with its code
    }
  };
  for await (const line of mapStream(filesBelow(folder), lineOf, { concurrency: AHEAD }, scope)) {
    console.log(line);
    files++;
  }
  console.log(`${files} files, ${failed} failed`);
}

async function sample(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "espalier-hash-"));
  await writeFile(join(folder, "empty"), "");
  await writeFile(join(folder, "million"), "a".repeat(1_000_000));
  await writeFile(join(folder, "zeros"), new Uint8Array(5 << 20));
  await symlink("nowhere", join(folder, "broken"));
  return folder;
}

await run(async (scope) => {
  const [, , given] = process.argv;
  const folder = given ?? (await sample());
  if (given === undefined) scope.defer(() => rm(folder, { recursive: true }));
  await threadPool((pool) => hashFolder(folder, pool, scope), { size: THREADS });
});
