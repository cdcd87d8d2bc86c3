/** The table in which works leave their traces. */
import { mkdtempSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "espalier-effects-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

let last = 0;

export class Table {
  readonly file: string = join(folder, `${++last}.db`);
  readonly #db: DatabaseSync;

  constructor() {
    this.#db = new DatabaseSync(this.file);
    this.#db.exec(
      "pragma journal_mode = wal; pragma synchronous = off; pragma busy_timeout = 10000; create table runs (key text); create table done (key text primary key); create table account (balance integer); insert into account values (0)",
    );
  }

  /** How often each key was run. */
  runs(): Map<string, number> {
    return new Map(this.#db.prepare("select key, count(*) as times from runs group by key").all().map(({ key, times }) => [key as string, times as number]));
  }

  get balance(): number {
    return this.#db.prepare("select balance from account").get()!["balance"] as number;
  }

  close(): void {
    this.#db.close();
  }
}
