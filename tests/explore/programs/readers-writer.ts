/** The readers-writer lock: a writer is alone, and nobody who came later passes it. */
import assert from "node:assert/strict";
import type { Scope, TaskGroup } from "espalier";
import { ReadersWriter } from "../primitives/readers-writer.ts";
import { type Study, work } from "../study.ts";

async function exclusion(group: TaskGroup): Promise<void> {
  const door = new ReadersWriter();
  let readers = 0;
  let writers = 0;
  let asked = 0;
  const turns: number[] = [];
  const reader = async (scope: Scope): Promise<void> => {
    const turn = asked++;
    await door.read(scope);
    turns.push(turn);
    readers++;
    try {
      assert.equal(writers, 0, "reads while another one writes");
      await scope.checkpoint();
    } finally {
      readers--;
      door.endRead();
    }
  };
  const writer = async (scope: Scope): Promise<void> => {
    await scope.checkpoint();
    const turn = asked++;
    await door.write(scope);
    writers++;
    try {
      assert.equal(readers + writers, 1, "writes, and is not alone");
      assert.ok(turns.every((earlier) => earlier < turn), "a writer that waited was passed");
      await scope.checkpoint();
    } finally {
      writers--;
      door.endWrite();
    }
  };
  group.spawn(reader, { name: "reader" });
  group.spawn(writer, { name: "writer" });
  group.spawn(
    async (scope) => {
      await work(2, scope);
      await reader(scope);
    },
    { name: "late reader" },
  );
  group.defer(async (scope) => {
    await door.write(scope);
    door.endWrite();
  });
}

export const studies: Readonly<Record<string, Study>> = { exclusion: { program: exclusion, faults: ["cancel"], isSmall: true } };
