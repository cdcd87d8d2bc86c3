/**
 * Makes thumbnails of a folder of PNG images, in threads, with codecs in WebAssembly. The main thread reads and writes; the bytes go to a
 * thread and back without being copied; each thread loads its codecs once. It draws the images itself.
 *
 *   npx node --conditions=espalier:source examples/resize-images/main.ts
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type Scope } from "espalier";
import { type Executor, threadPool } from "espalier/threads";
import { draw, thumbnail } from "./works.ts";

const IMAGES = 6;
const WIDTH = 80;
const THREADS = 2;

async function drawInto(folder: string, pool: Executor, scope: Scope): Promise<void> {
  const seeds = Array.from({ length: IMAGES }, (_, n) => n + 1);
  await scope.map(
    seeds,
    async (seed, own) => {
      const png = await pool.run(draw, { width: 320, height: 160 + 40 * seed, seed }, own);
      await writeFile(join(folder, `picture-${seed}.png`), new Uint8Array(png), own);
    },
    { concurrency: 2 * THREADS },
  );
}

/** With as many images in memory at a time as `concurrency` says. */
async function makeThumbnails(from: string, to: string, pool: Executor, scope: Scope): Promise<void> {
  await mkdir(to);
  const lines = await scope.map(
    await readdir(from),
    async (name, own) => {
      // In a buffer of its own: one that is handed over takes along all that shares it.
      const { buffer } = new Uint8Array(await readFile(join(from, name), own));
      const { png, height } = await pool.run(thumbnail, { png: buffer, width: WIDTH }, own, { transfer: [buffer] });
      await writeFile(join(to, name), new Uint8Array(png), own);
      return `${name}  ${WIDTH} × ${height}`;
    },
    { concurrency: 2 * THREADS },
  );
  for (const line of lines) console.log(line);
}

await run(async (scope) => {
  const folder = await mkdtemp(join(tmpdir(), "espalier-images-"));
  scope.defer(() => rm(folder, { recursive: true }));
  const [from, to] = [join(folder, "large"), join(folder, "small")];
  await mkdir(from);
  await threadPool(
    async (pool) => {
      await drawInto(from, pool, scope);
      await makeThumbnails(from, to, pool, scope);
    },
    { size: THREADS },
  );
  console.log(`${(await readdir(to)).length} thumbnails`);
});
