/** From the opening of an executor to its end, and of its workers (T08). */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { describe } from "node:test";
import { fileURLToPath } from "node:url";
import { CancelledError, MisuseError, type Task, taskGroup } from "espalier";
import { inline, inlinePool, type OpenExecutor, WorkerDiedError } from "espalier/executor";
import { cluster, clusterPool } from "espalier/cluster";
import { processes, processPool } from "espalier/processes";
import { threadPool, threads } from "espalier/threads";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "../conformance/case.ts";
import { commandOf } from "../conformance/programs/this-runtime.ts";
import { elsewhere, hasClusters, onEach } from "./executors.ts";
import { appears, isSet, newMark, set, textOf, until } from "./marks.ts";
import * as works from "./works.ts";

interface Held {
  readonly path: string;
  readonly until: string;
}

const codeOf = async (call: () => unknown): Promise<string> => isA(await thrownBy(async () => call()), MisuseError).code;

onEach((on) => {
  scenario("T08: close() takes no more calls and waits for all there are, the queued ones too", async () => {
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const [begun, end] = [newMark(), newMark()];
      const log: unknown[] = [];
      const running = pool.run(works.deaf, { path: begun, until: end }, group).then((value) => log.push(value));
      await appears(begun);
      const queued = pool.run(works.echo, "queued", group).then((value) => log.push(value));
      const closing = pool.close().then(() => log.push("closed"));
      for (const call of [() => pool.run(works.echo, 1, group), () => pool.submit(works.echo, 1, group), () => pool.trySubmit(works.echo, 1, group)]) assert.equal(await codeOf(call), "EXECUTOR_CLOSED");
      await quiet();
      assert.deepEqual(log, []);
      set(end);
      await Promise.all([running, queued, closing]);
      assert.deepEqual(log, ["done", "queued", "closed"]);
      assert.equal(pool.statistics().workers, 0);
      await pool.close();
      await pool[Symbol.asyncDispose]();
    });
  });

  scenario("T08: who waits to submit when it is closed is refused; who waits to run is run", async () => {
    const pool = on.open({ size: 1, maxQueued: 0 });
    await taskGroup(async (group) => {
      const [begun, end] = [newMark(), newMark()];
      const calls = [pool.run(works.deaf, { path: begun, until: end }, group)];
      await appears(begun);
      const submitting = thrownBy(pool.submit(works.echo, 1, group));
      calls.push(pool.run(works.echo, "run", group) as Promise<string>);
      const closing = pool.close();
      assert.equal(isA(await submitting, MisuseError).code, "EXECUTOR_CLOSED");
      set(end);
      assert.deepEqual(await Promise.all(calls), ["done", "run"]);
      await closing;
    });
  });

  scenario("T08: disposal cancels what runs and what is queued, and waits for their ends", async () => {
    const pool = on.open({ size: 1, maxQueued: 1 });
    await taskGroup(async (group) => {
      const [begun, cleaned, never] = [newMark(), newMark(), newMark()];
      const calls = [
        thrownBy(pool.run(works.cleansUp, { path: begun, cleaned }, group)),
        ...[1, 2, 3].map(() => thrownBy(pool.run(works.forever, never, group))),
      ];
      await appears(begun);
      await pool[Symbol.asyncDispose]();
      assert.ok(isSet(cleaned));
      for (const call of calls) same([isA(await call, CancelledError).source], ["explicit"]);
      assert.equal(isSet(never), false);
      same([pool.statistics().cancelled, pool.statistics().workers], [4, 0]);
    });
  });

  scenario("T08: disposal right after a call, and of a pool that nobody used, ends as well", async () => {
    await on.open({ size: 2 })[Symbol.asyncDispose]();
    await on.open({ size: 2 }).close();
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const call = ending(pool.run(works.forever, undefined, group));
      await pool[Symbol.asyncDispose]();
      isA((await call as { error: unknown }).error, CancelledError);
    });
  });

  scenario("perWorker(): made once for each worker, and disposed of in good order when the executor is closed", async () => {
    const disposed = newMark();
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const first = await pool.run(works.uses, { path: disposed }, group);
      const second = await pool.run(works.uses, { path: disposed }, group);
      same([second.id, second.uses, second.where], [first.id, first.uses + 1, first.where]);
      assert.equal(isSet(disposed), false);
    });
    const held = on.isHere ? on.shared.statistics().workers : 0;
    await pool.close();
    // In this thread others may still be open, which share it.
    if (held === 0) assert.equal(textOf(disposed), "2");
  });

  scenario("T05: what fails in the disposal of what is perWorker() is told, and the executor closes", async () => {
    if (on.isHere) return;
    const told: unknown[] = [];
    const pool = on.open({ size: 1, name: "mine", onError: (error, name) => told.push(error, name) });
    await taskGroup((group) => pool.run(works.uses, { path: newMark(), failing: true }, group));
    await pool.close();
    assert.equal(isA(told[0], Error).message, "not disposed");
    assert.equal(told[1], "mine");
  });
});

describe("the block forms", () => {
  for (const [name, open] of [["inlinePool", inlinePool], ["threadPool", threadPool], ["processPool", processPool], ...(hasClusters ? [["clusterPool", clusterPool] as const] : [])] as const) {
    scenario(`T08: ${name}() left without an error waits for outstanding calls, and gives what its body gave`, async () => {
      await taskGroup(async (group) => {
        let call: Promise<unknown> | undefined;
        const given = await open((pool) => {
          call = pool.run(works.later, "late", group);
          return "given";
        }, { size: 1 });
        assert.deepEqual([given, await call], ["given", "LATE"]);
      });
    });

    scenario(`${name}() with options or a body that make no sense rejects`, async () => {
      isA(await thrownBy(open(() => {}, { size: 0 })), RangeError);
      isA(await thrownBy(open(undefined as never)), TypeError);
    });

    scenario(`T08: ${name}() left with an error cancels them, waits, and throws it`, async () => {
      const E = new Error("E");
      await taskGroup(async (group) => {
        const [begun, cleaned] = [newMark(), newMark()];
        let call: Promise<unknown> | undefined;
        const error = await thrownBy(open(async (pool) => {
          call = thrownBy(pool.run(works.cleansUp, { path: begun, cleaned }, group));
          await appears(begun);
          throw E;
        }, { size: 1 }));
        assert.equal(error, E);
        assert.ok(isSet(cleaned));
        isA(await call, CancelledError);
      });
    });
  }
});

describe("the executors of the program", () => {
  for (const executor of [inline, threads, processes, ...(hasClusters ? [cluster] : [])]) {
    scenario(`${executor.name} is there without opening, and tells its statistics before`, async () => {
      assert.equal(executor.statistics().workers, 0);
      await taskGroup(async (group) => {
        assert.equal(await executor.run(works.add, { a: 1, b: 2 }, group), 3);
        assert.equal(await (await executor.submit(works.echo, 4, group)).join(group), 4);
        assert.equal(await executor.trySubmit(works.echo, 5, group)?.join(group), 5);
      });
      assert.equal(executor.statistics().succeeded, 3);
    });
  }
});

elsewhere((on) => {
  const placeOf = (pool: OpenExecutor): Promise<string> => taskGroup((group) => pool.run(works.place, undefined, group));

  if (on.ownsWorkers) {
    scenario("as many workers as there are calls to run, and no more than the size; min are there at once", async () => {
      const pool = on.open({ size: 3, min: 1 });
      assert.equal(pool.statistics().workers, 1);
      await taskGroup(async (group) => {
        const end = newMark();
        const marks = Array.from({ length: 3 }, newMark);
        for (const path of marks) group.spawn((scope) => pool.run(works.deaf, { path, until: end }, scope));
        await Promise.all(marks.map(appears));
        assert.equal(pool.statistics().workers, 3);
        for (let n = 0; n < 4; n++) group.spawn((scope) => pool.run(works.nothing, undefined, scope));
        await quiet();
        assert.equal(pool.statistics().workers, 3);
        set(end);
      });
      await pool.close();
    });

    scenario("a worker is recycled after its age, and for its heap", async () => {
      for (const recycle of [{ age: 0 }, { heap: 1 }]) {
        const pool = on.open({ size: 1, recycle });
        const first = await placeOf(pool);
        await until(() => pool.statistics().workers === 0 || recycle.heap !== undefined);
        if (recycle.heap === undefined) assert.notEqual(await placeOf(pool), first);
        else {
          // It tells its heap from time to time.
          let place = first;
          while (place === first) place = await placeOf(pool);
        }
        await pool.close();
      }
    });

    scenario("what a worker that is to be recycled has not begun runs elsewhere, however long it is busy", async () => {
      const pool = on.open({ size: 2, recycle: { calls: 2 } });
      await taskGroup(async (group) => {
        const [first, second, third, quick] = [1, 2, 3, 4].map(() => ({ path: newMark(), until: newMark() })) as [Held, Held, Held, Held];
        const call = (held: Held): Task<unknown> => group.spawn((scope) => pool.run(works.deaf, held, scope));
        for (const held of [first, second]) {
          call(held);
          await appears(held.path);
        }
        // One that is soon over, the one that is busy for long, and one more stand behind the first worker's.
        set(quick.until);
        const ended = call(quick);
        const busy = call(third);
        const behind = [1, 2, 3].map((n) => group.spawn((scope) => pool.run(works.echo, n, scope)));
        await quiet();
        set(first.until);
        await appears(third.path);
        await ended.join(group);
        set(second.until);
        assert.deepEqual(await Promise.all(behind.map((task) => task.join(group))), [1, 2, 3]);
        assert.equal(busy.outcome, undefined);
        set(third.until);
      });
      same([pool.statistics().died, pool.statistics().failed, pool.statistics().succeeded], [0, 0, 7]);
      await pool.close();
    });

    scenario("an idle worker that is one of min stays, though another one is about to end", async () => {
      const pool = on.open({ size: 2, min: 1, perWorker: 2, idle: 0, recycle: { calls: 2 } });
      await taskGroup(async (group) => {
        const calls = Array.from({ length: 3 }, () => ({ path: newMark(), until: newMark() }));
        const places: Promise<string>[] = [];
        // Two with the first worker, one with the second.
        for (const held of calls) {
          places.push(pool.run(works.where, held, group));
          await appears(held.path);
        }
        set(calls[1]!.until);
        await places[1];
        // The second one that the first worker has run: it ends, when it can.
        await pool.run(works.nothing, undefined, group);
        set(calls[2]!.until);
        const stays = await places[2];
        await quiet();
        set(calls[0]!.until);
        assert.notEqual(await places[0], stays);
        await until(() => pool.statistics().workers <= 1);
        assert.equal(await placeOf(pool), stays);
      });
      await pool.close();
    });

    scenario("idle workers end, down to min; the next call starts one", async () => {
      const pool = on.open({ size: 2, min: 1, idle: 20 });
      await taskGroup(async (group) => {
        await Promise.all([1, 2].map((n) => pool.run(works.echo, n, group)));
        const end = newMark();
        const marks = [newMark(), newMark()];
        const both = marks.map((path) => pool.run(works.deaf, { path, until: end }, group));
        await Promise.all(marks.map(appears));
        assert.equal(pool.statistics().workers, 2);
        set(end);
        await Promise.all(both);
      });
      await until(() => pool.statistics().workers === 1);
      assert.equal(typeof (await placeOf(pool)), "string");
      assert.equal(pool.statistics().died, 0);
      await pool.close();
      const none = on.open({ size: 1, idle: 0 });
      await placeOf(none);
      await until(() => none.statistics().workers === 0);
      await placeOf(none);
      await none.close();
    });
  }

  scenario("a worker is recycled after so many calls, also under load, and disposes of what it had", async () => {
    const pool = on.open({ size: 1, recycle: { calls: 3 } });
    await taskGroup(async (group) => {
      const disposed = newMark();
      const places = new Set<string>();
      for (let n = 0; n < 3; n++) places.add((await pool.run(works.uses, { path: disposed }, group)).where);
      const next = await pool.run(works.uses, { path: newMark() }, group);
      assert.equal(places.size, 1);
      assert.ok(!places.has(next.where));
      assert.equal(textOf(disposed), "3");
      const many = await Promise.all(Array.from({ length: 20 }, () => pool.run(works.place, undefined, group)));
      assert.ok(new Set(many).size > 1);
      same([pool.statistics().died, pool.statistics().failed], [0, 0]);
    });
    await pool.close();
  });

  scenario("a worker keeps what calls were given until they have run, and not until it has nothing left to do", async () => {
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      // From these it is known that calls are short, and that many of them may be sent ahead.
      await Promise.all(Array.from({ length: 1_000 }, () => pool.run(works.nothing, undefined, group)));
      const calls: Promise<unknown>[] = Array.from({ length: 400 }, (_, n) => pool.run(works.remembers, { n }, group));
      const counted = pool.run(works.remembered, undefined, group);
      for (let n = 0; n < 8; n++) calls.push(pool.run(works.nothing, undefined, group));
      const kept = await counted;
      assert.ok(kept < 150, `${kept} are still there`);
      await Promise.all(calls);
    });
    await pool.close();
  });

  scenario("timers of an idle worker run", async () => {
    const pool = on.open({ size: 1 });
    const ticked = newMark();
    await taskGroup((group) => pool.run(works.ticks, { path: ticked, ms: 1 }, group));
    await appears(ticked);
    await pool.close();
  });

  if (on.repeats) return;

  scenario("T05: a worker that cannot be started fails the calls that wait for one, with the reason; nothing hangs", async () => {
    const pool = on.open({ size: 2, ...({ execArgv: ["--import=data:text/javascript,process.exit(5)"] } as object) });
    await taskGroup(async (group) => {
      const calls = Array.from({ length: 3 }, () => thrownBy(pool.run(works.echo, 1, group)));
      for (const error of await Promise.all(calls)) same([isA(error, WorkerDiedError).code], ["WORKER_NOT_STARTED"]);
      same([pool.statistics().queued, pool.statistics().failed], [0, 3]);
    });
    await pool.close();
  });
});

describe("a program with idle workers", () => {
  for (const name of ["inline", "threads", "processes", ...(hasClusters ? ["cluster"] : [])]) {
    scenario(`ends by itself: ${name}`, async () => {
      const exited = gate<number | null>();
      const child = execFile(...commandOf(fileURLToPath(new URL("./program.ts", import.meta.url)), name));
      let text = "";
      child.stdout?.on("data", (chunk: string) => (text += chunk));
      child.stderr?.on("data", (chunk: string) => (text += chunk));
      void once(child, "close").then(([code]) => exited.open(code as number | null));
      assert.deepEqual([await exited.promise, text], [0, "3 42\n"]);
    });
  }
});

