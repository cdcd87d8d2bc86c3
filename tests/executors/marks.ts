/** Files by which tests and works tell each other how far they are, whatever lies between them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "espalier-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let last = 0;

/** A file that is not there yet. */
export function newMark(): string {
  return join(folder, String(++last));
}

export function isSet(mark: string): boolean {
  return existsSync(mark);
}

export function set(mark: string): void {
  writeFileSync(mark, "");
}

export function textOf(mark: string): string {
  return readFileSync(mark, "utf8");
}

/** Until a work has made it. */
export async function appears(mark: string): Promise<void> {
  await until(() => existsSync(mark));
}

/** Until something is so; looked at once a turn. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise<void>((resolve) => void setImmediate(resolve));
}
