/** fs, each function given the scope itself. The file is large and sparse: reading it takes many steps, and no space. */
import assert from "node:assert/strict";
import { createReadStream, readFile as readFileThen, watch as watchThen } from "node:fs";
import { mkdtemp, open, readFile, rm, watch, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { after, before } from "node:test";
import { failAfter } from "espalier";
import { scenario } from "../conformance/case.ts";
import { interruptible } from "./interruption.ts";

let folder: string;
let large: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-files-"));
  large = join(folder, "large");
  const file = await open(large, "w");
  await file.truncate(256 * 1024 * 1024);
  await file.close();
});
after(() => rm(folder, { recursive: true }));

interruptible("fs/promises readFile", (scope, begun) => {
  queueMicrotask(begun);
  return readFile(large, scope);
});

interruptible("fs.readFile", (scope, begun) => {
  queueMicrotask(begun);
  return new Promise((resolve, reject) => {
    readFileThen(large, scope, (error, content) => (error === null ? resolve(content) : reject(error)));
  });
});

interruptible("FileHandle.readFile", async (scope, begun) => {
  const file = await open(large);
  try {
    const content = file.readFile(scope);
    begun();
    return await content;
  } finally {
    await file.close();
  }
});

interruptible("fs/promises writeFile from an endless source", async (scope, begun) => {
  const endless = async function* (): AsyncGenerator<string> {
    for (;;) {
      yield "line\n";
      begun();
    }
  };
  return writeFile(join(folder, "copy"), endless(), scope);
});

interruptible("fs.createReadStream", async (scope, begun) => {
  for await (const _chunk of createReadStream(large, scope)) begun();
});

interruptible("fs/promises watch", async (scope, begun) => {
  queueMicrotask(begun);
  for await (const _change of watch(folder, scope));
});

scenario("fs.watch in a scope is closed by its cancellation", async () => {
  await failAfter(60_000, (outer) =>
    outer.moveOnAfter(Infinity, async (scope) => {
      const watcher = watchThen(folder, { ...scope });
      const closed = once(watcher, "close");
      scope.cancel();
      await closed;
    }),
  );
});

scenario("a file that is read to its end in a scope is whole, and the scope leaves nothing behind", async () => {
  const small = join(folder, "small");
  await failAfter(60_000, async (scope) => {
    await writeFile(small, "content", scope);
    assert.equal(await readFile(small, { ...scope, encoding: "utf8" }), "content");
  });
});
