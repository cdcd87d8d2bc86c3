/** The group of a request is opened when it is first touched, and nobody can tell. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, moveOnAfter, sleep, type Task, type TaskGroup, taskGroup } from "espalier";
import { tree } from "espalier/lowlevel";
import { HttpService, RequestError } from "espalier/http";
import { gate, isA, quiet, scenario, thrownBy } from "../../../tests/conformance/case.ts";

describe("the group of a request", () => {
  scenario("is not there until it is touched", async () => {
    const service = new HttpService();
    const standing = tree().length;
    await service.request(async (group) => {
      assert.equal(tree().length, standing);
      assert.equal(group.size, 0);
      assert.equal(tree().length, standing + 1);
    });
    assert.equal(tree().length, standing);
  });

  scenario("is a scope in every way: for what waits, as { signal }, and spread", async () => {
    await new HttpService().request(async (group) => {
      await sleep(0, group);
      assert.ok(group.signal instanceof AbortSignal);
      assert.equal({ ...group }.signal, group.signal);
      assert.equal("spawn" in group, true);
      assert.match(String(group), /taskGroup "request"/);
      await group.failAfter(1_000, async (inner) => assert.equal(inner.cancelled, false));
    });
  });

  scenario("has the deadline of the request's arrival, however late it is touched", async ({ clock }) => {
    const service = new HttpService({ deadline: 100, clock });
    await service.request(async (group) => {
      await taskGroup((other) => sleep(30, other), { clock });
      assert.equal(group.deadline, 100);
    });
  });

  scenario("is cancelled at the touch when its client has gone before", async ({ outside }) => {
    const client = outside();
    client.abort();
    const error = isA(await thrownBy(new HttpService().request((group) => sleep(1_000, group), { signal: client.signal })), RequestError);
    assert.equal(error.code, "CLIENT_GONE");
    assert.equal(isA(error.cause, CancelledError).source, "explicit");
  });

  scenario("leaves no listener on the signal of its client", async ({ outside }) => {
    const { signal } = outside();
    await new HttpService().request((group) => group.checkpoint(), { signal });
    await thrownBy(new HttpService().request((group) => group.checkpoint().then(() => Promise.reject(new Error("E"))), { signal }));
  });

  scenario("is waited for, and its first failure is thrown as it is", async () => {
    const E = new Error("E");
    const steps: string[] = [];
    const call = new HttpService().request(async (group) => {
      group.spawn(async (scope) => {
        await scope.checkpoint();
        steps.push("task");
        throw E;
      });
      steps.push("handler");
    });
    assert.equal(await thrownBy(call), E);
    assert.deepEqual(steps, ["handler", "task"]);
  });

  scenario("is cancelled by what its handler throws", async () => {
    const E = new Error("E");
    let task!: Task<void>;
    const call = new HttpService().request((group) => {
      task = group.spawn((scope) => sleep(60_000, scope));
      throw E;
    });
    assert.equal(await thrownBy(call), E);
    assert.equal(task.outcome?.status, "cancelled");
  });

  scenario("has ended with its request, whether it was touched in it or not", async () => {
    for (const touch of [true, false]) {
      let kept!: TaskGroup;
      await new HttpService().request((group) => {
        kept = group;
        if (touch) assert.equal(group.cancelled, false);
      });
      assert.equal(isA(await thrownBy(() => kept.spawn(() => {})), MisuseError).code, "SCOPE_ENDED");
      assert.equal(isA(await thrownBy(sleep(1, kept)), MisuseError).code, "SCOPE_ENDED");
    }
  });

  scenario("that its handler cancelled itself is no end that a service made", async () => {
    const error = await thrownBy(
      new HttpService().request(async (group) => {
        group.cancel("enough");
        await group.checkpoint();
      }),
    );
    assert.equal(isA(error, CancelledError).reason, "enough");
  });
});

describe("a service", () => {
  scenario("answers nobody any more when it is closed, and may serve again", async () => {
    const service = new HttpService({ drain: 0 });
    const nothing = { stop() {}, close() {} };
    for (const before of ["done", "SHUTDOWN"]) {
      assert.equal(await service.request(() => "done").catch((error: unknown) => isA(error, RequestError).code), before);
      await moveOnAfter(Infinity, async (scope) => {
        const serving = service.serve(nothing, scope);
        assert.equal(await service.request(() => "while it serves"), "while it serves");
        await assert.rejects(service.serve(nothing, scope), /is served already/);
        scope.cancel();
        await serving;
      });
      assert.equal(service.statistics().state, "closed");
    }
  });

  scenario("serves at one place until that has closed: in its last moments, too, a second one is refused", async () => {
    const service = new HttpService({ drain: 0, close: 60_000 });
    const [stopping, stopped] = [gate(), gate()];
    await moveOnAfter(Infinity, async (scope) => {
      const serving = service.serve({ stop: () => (stopping.open(), stopped.promise), close() {} }, scope);
      scope.cancel();
      await stopping.promise;
      await scope.shield(async () => {
        while (service.statistics().state !== "cancelling") await quiet();
        await quiet();
        isA(await thrownBy(taskGroup((group) => service.serve({ stop() {}, close() {} }, group))), Error);
        stopped.open();
      });
      await serving;
    });
    assert.equal(service.statistics().state, "closed");
  });

  scenario("throws what fails in its acceptor, when all has ended", async () => {
    const E = new Error("E");
    const service = new HttpService();
    const broken = { stop: () => Promise.reject(E), close() {} };
    const error = await thrownBy(
      moveOnAfter(Infinity, async (scope) => {
        const serving = service.serve(broken, scope);
        const request = service.request((group) => group.checkpoint().then(() => "answered"));
        scope.cancel();
        assert.equal(await request, "answered");
        await serving;
      }),
    );
    assert.equal(error, E);
    assert.equal(service.statistics().running, 0);
  });

  scenario("refuses times that are none", () => {
    for (const options of [{ deadline: -1 }, { maxDeadline: Number.NaN }, { drain: -1 }, { close: Number.NaN }]) {
      assert.throws(() => new HttpService(options), RangeError);
    }
  });
});
