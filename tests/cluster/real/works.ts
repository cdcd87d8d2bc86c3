/** Works that leave traces in a table: how often each ran, and what it did together with its key. */
import { DatabaseSync } from "node:sqlite";
import { sleep } from "espalier";
import { perWorker, work } from "espalier/executor";

const tables = new Map<string, DatabaseSync>();
const kept = perWorker(
  () => tables,
  (all) => {
    for (const table of all.values()) table.close();
    all.clear();
  },
);

function table(file: string): DatabaseSync {
  const all = kept.get();
  let found = all.get(file);
  if (found === undefined) {
    found = new DatabaseSync(file);
    found.exec("pragma journal_mode = wal; pragma synchronous = off; pragma busy_timeout = 10000");
    all.set(file, found);
  }
  return found;
}

export interface Task {
  readonly file: string;
  readonly key: string;
  readonly ms: number;
}

/** Each run adds a row. */
export const effect = work(import.meta, "effect", async ({ file, key, ms }: Task, scope) => {
  await sleep(ms, scope);
  table(file).prepare("insert into runs (key) values (?)").run(key);
  return key;
});

/** What it does it does together with its key: once, however often it runs. */
export const exactlyOnce = work(import.meta, "exactlyOnce", async ({ file, ms }: Task, scope) => {
  await sleep(ms, scope);
  const db = table(file);
  const key = scope.caller.key!;
  db.exec("begin immediate");
  try {
    db.prepare("insert into runs (key) values (?)").run(key);
    if (db.prepare("insert or ignore into done (key) values (?)").run(key).changes === 1) db.prepare("update account set balance = balance + 1").run();
    db.exec("commit");
  } catch (error) {
    db.exec("rollback");
    throw error;
  }
  return key;
});

/** Until it is cancelled. */
export const waits = work(import.meta, "waits", async ({ file, key, ms }: Task, scope) => {
  table(file).prepare("insert into runs (key) values (?)").run(`${key} began`);
  try {
    await sleep(ms, scope);
  } catch (error) {
    table(file).prepare("insert into runs (key) values (?)").run(`${key} cancelled`);
    throw error;
  }
});
export const echo = work(import.meta, "echo", (input: unknown) => input);
/** As many bytes as are asked for. */
export const bytes = work(import.meta, "bytes", (length: number) => new Uint8Array(length).fill(7));
export const spins = work(import.meta, "spins", (_: void, scope): never => {
  for (;;) scope.throwIfCancelled();
});
