/** Errors that somebody could have heard of, and nobody did. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { all, allSettled, type GroupOptions, suppressed, type Task, taskGroup } from "espalier";
import { kinds, listen, lose, reports } from "./listening.ts";

listen();

const failing = (message: string) => async (): Promise<never> => {
  await Promise.resolve();
  throw new Error(message);
};

/** Runs a task that fails in a group that isolates it. */
async function isolated(onError: GroupOptions["onError"], then: (task: Task<never>) => unknown = () => {}): Promise<void> {
  let task!: Task<never>;
  await taskGroup(
    async (group) => {
      task = group.spawn(failing("no connection"), { name: "query" });
      await new Promise((resolve) => setImmediate(resolve));
    },
    { onError, name: "main" },
  );
  await then(task);
  lose();
}

describe("a task that failed in a group that isolates it", () => {
  const deaf: Record<string, GroupOptions["onError"]> = {
    "an arrow": () => {},
    "an asynchronous one": async () => {},
    "a function": function () {},
    "a method": { onError() {} }.onError,
  };
  for (const [what, onError] of Object.entries(deaf)) {
    test(`is told where onError cannot see the error, ${what}, and nobody asks the task`, async () => {
      await isolated(onError);
      assert.deepEqual(kinds(), ["lost-error"]);
      const [{ what: said, path, error, spawnedAt }] = reports as [(typeof reports)[0]];
      assert.match(said, /^"query" failed in "main", whose onError takes no error, and nobody has joined it: Error: no connection\.$/);
      assert.deepEqual(path, ["main", "query"]);
      assert.equal((error as Error).message, "no connection");
      assert.match(spawnedAt!, /lost\.test\.ts:\d+$/);
    });
  }

  const hearing: Record<string, GroupOptions["onError"]> = {
    "that takes it": (_error) => {},
    "that takes all": (..._errors) => {},
    "that looks at its arguments": function () {
      return arguments.length;
    },
    "of the platform": Date.now,
  };
  for (const [what, onError] of Object.entries(hearing)) {
    test(`is not told to an onError ${what}`, async () => {
      await isolated(onError);
      assert.deepEqual(reports, []);
    });
  }

  const asking: Record<string, (task: Task<never>) => unknown> = {
    "its outcome is read": (task) => task.outcome,
    "it is joined": (task) => task.join().catch(() => {}),
    "its end is asked for": (task) => task.settled(),
  };
  for (const [how, ask] of Object.entries(asking)) {
    test(`is not told where ${how}`, async () => {
      await isolated(() => {}, ask);
      assert.deepEqual(reports, []);
    });
  }

  test("is not told where somebody waited for its end before", async () => {
    await taskGroup((group) => void group.spawn(failing("no")).settled(group), { onError: () => {} });
    lose();
    assert.deepEqual(reports, []);
  });

  test("is not told by allSettled, nor in a group that was cancelled", async () => {
    await allSettled([failing("one"), failing("two")]);
    await taskGroup(
      async (group) => {
        group.spawn(failing("three"));
        await new Promise((resolve) => setImmediate(resolve));
        group.cancel();
      },
      { onError: () => {} },
    );
    lose();
    assert.deepEqual(reports, []);
  });
});

describe("what else failed", () => {
  const both = () => all([failing("first"), failing("second")], { name: "page" });

  test("is told where nobody asks for it", async () => {
    await both().catch((error: unknown) => assert.match(String(error), /first/));
    lose();
    assert.deepEqual(kinds(), ["lost-error"]);
    assert.match(reports[0]!.what, /^"page" threw one of 2 failures, and nobody has asked for the other: Error: second\.$/);
    assert.equal((reports[0]!.error as Error).message, "second");
  });

  test("is not told where somebody asked, and is there for who asks", async () => {
    await both().catch((error: unknown) => {
      assert.deepEqual(suppressed(error).map(String), ["Error: second"]);
      assert.deepEqual(Object.keys(error as object), []);
    });
    lose();
    assert.deepEqual(reports, []);
  });

  test("is told once, of the scope where the last failure came to it", async () => {
    await taskGroup(async (outer) => {
      outer.defer(() => {
        throw new Error("third");
      });
      await outer.all([failing("first"), failing("second")]);
    }, { errors: "first", name: "outer" }).catch(() => {});
    lose();
    assert.deepEqual(reports.map(({ name }) => name), ["outer"]);
    assert.match(reports[0]!.what, /one of 3 failures/);
  });

  test("is not told of a group that throws all of them", async () => {
    await taskGroup((group) => {
      group.spawn(failing("first"));
      group.spawn(failing("second"));
    }).catch(() => {});
    lose();
    assert.deepEqual(reports, []);
  });
});

test("of very many, the oldest are told early, and none is forgotten", async () => {
  await taskGroup((group) => {
    for (let n = 0; n < 1_010; n++) group.spawn(failing(`${n}`));
  }, { onError: () => {} });
  assert.equal(reports.length, 10);
  lose();
  assert.equal(reports.length, 1_010);
});

test("what is left is told when the program ends, also by process.exit", async () => {
  const program = fileURLToPath(new URL("losing-program.ts", import.meta.url));
  for (const how of ["exit", "end"]) {
    const { stderr } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", program, how], { env: { ...process.env, ESPALIER_DEBUG: "1" } });
    assert.match(stderr, /lost-error: "all" threw one of 2 failures, .* the other: Error: second\./, how);
  }
});
