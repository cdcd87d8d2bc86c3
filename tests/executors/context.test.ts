/** Context variables that travel: a work has what its caller had (T10). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { MisuseError, type Scope, taskGroup } from "espalier";
import { contextVariable } from "espalier/context";
import { NotCloneableError, parallelMap } from "espalier/executor";
import { isA, same, scenario, thrownBy } from "../conformance/case.ts";
import * as works from "./context-works.ts";
import { local, request, tenant } from "./context-works.ts";
import { onEach } from "./executors.ts";

/** Anything may be its value. */
const whatever = contextVariable<unknown>("whatever", { travels: true, default: 0 });
const late = contextVariable<string>("late", { travels: true });

onEach((on) => {
  scenario("T10: a work has the values that its caller has where it calls, in all its scopes", async () => {
    const as = (name: string, scope: Scope): Promise<unknown> => tenant.run(name, (own) => on.shared.run(works.below, undefined, own), scope);
    await taskGroup(async (group) => {
      assert.deepEqual(await as("ada", group), ["ada", "ada", "inner", "ada"]);
      assert.deepEqual(await tenant.run("ada", (scope) => as("bob", scope), group), ["bob", "bob", "inner", "bob"]);
      assert.equal(await tenant.run("ada", (scope) => request.run({ id: "r-1", seen: [] }, (own) => on.shared.run(works.idOf, undefined, own), scope), group), "r-1 of ada");
    });
  });

  scenario("T10: calls at the same time have each their own, and one without a value the default", async () => {
    await taskGroup(async (group) => {
      const names = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? undefined : `tenant ${index}`));
      const seen = await group.map(names, (name, scope, index) =>
        index % 2 === 0 ? on.shared.run(works.idOf, undefined, scope) : tenant.run(name, (own) => on.shared.run(works.idOf, undefined, own), scope),
      );
      assert.deepEqual(seen, names.map((name, index) => `none of ${index % 2 === 0 ? "nobody" : name}`));
    });
  });

  scenario("T10: what a work changes does not leak back, nor to the next call", async () => {
    if (!on.copies) return;
    await taskGroup(async (group) => {
      const mine = { id: "r-1", seen: ["the caller"] };
      await request.run(mine, (scope) => tenant.run("ada", async (own) => {
        const offers = [works.tell.by((_input, called) => `${tenant.get(called)} ${request.get(called).seen.join()}`)];
        for (let round = 0; round < 2; round++) {
          assert.deepEqual(await on.shared.run(works.changes, undefined, own, { offers }), ["ada the caller", "the caller", "the work"]);
        }
        assert.equal(tenant.get(own), "ada");
        same([request.get(own), mine.seen.length], [mine, 1]);
      }, scope), group);
      assert.equal(await on.shared.run(works.idOf, undefined, group), "none of nobody");
    });
  });

  scenario("T10: where nothing is copied, the value is the very one, and what holds in the work holds there only", async () => {
    if (on.copies) return;
    await taskGroup(async (group) => {
      const mine = { id: "r-1", seen: ["the caller"] };
      const offers = [works.tell.by((_input, called) => tenant.get(called) ?? "")];
      const seen = await request.run(mine, (scope) => tenant.run("ada", (own) => on.shared.run(works.changes, undefined, own, { offers }), scope), group);
      assert.deepEqual(seen, ["ada", "the caller", "the work"]);
      assert.equal(tenant.get(group), "nobody");
    });
  });

  scenario("T10: it goes on from there, and with each chunk", async () => {
    await taskGroup(async (group) => {
      assert.equal(await tenant.run("ada", (own) => on.shared.run(works.onwards, undefined, own), group), "none of ada");
      const seen = await tenant.run("ada", (own) => parallelMap(works.idOf, [undefined, undefined, undefined], own, { on: on.shared }), group);
      assert.deepEqual(new Set(seen), new Set(["none of ada"]));
    });
  });

  scenario("T10: a variable that the work's thread declares only then finds its value too", async () => {
    if (on.isHere) return;
    await taskGroup(async (group) => {
      for (const value of ["soon", "sooner"]) assert.equal(await late.run(value, (own) => on.shared.run(works.late, undefined, own), group), value);
      assert.equal(await on.shared.run(works.late, undefined, group), "unset");
    });
  });

  scenario("T10: a variable that is not declared to travel stays where it is", async () => {
    await taskGroup(async (group) => {
      assert.equal(await local.run("here", (own) => on.shared.run(works.localOf, undefined, own), group), on.isHere ? "here" : "unset");
    });
  });

  scenario("T10: a value that cannot be cloned refuses the call, and the error names the variable", async () => {
    if (!on.copies) return;
    await taskGroup(async (group) => {
      const call = (value: unknown): Promise<unknown> => whatever.run(value, (own) => on.shared.run(works.idOf, undefined, own), group);
      const error = isA(await thrownBy(call({ log: { write() {} } })), NotCloneableError);
      same([error.path, error.code], ["whatever.log.write", "NOT_CLONEABLE"]);
      assert.match(error.message, /context variable "whatever".*work "idOf".*whatever\.log\.write is a function write.*without travels/);
      assert.equal(isA(await thrownBy(call(() => {})), NotCloneableError).path, "whatever");
      const together = await Promise.allSettled([call("fine"), call(Symbol("no")), call({ fine: 1 })]);
      assert.deepEqual(together.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
      assert.equal(await on.shared.run(works.idOf, undefined, group), "none of nobody");
    });
  });
});

describe("two that travel under one name", () => {
  const declare = (name: string, site: string): Promise<unknown> => {
    const code = `import { contextVariable } from ${JSON.stringify(import.meta.resolve("espalier/context"))};\nexport const it = contextVariable(${JSON.stringify(name)}, { travels: true });`;
    return import(`data:text/javascript,${encodeURIComponent(code)}${encodeURIComponent(`\n// ${site}`)}`);
  };

  scenario("are refused where the second is declared, with both places", async () => {
    contextVariable("twice", { travels: true });
    const error = await thrownBy(() => {
      contextVariable("twice", { travels: true });
    });
    assert.equal(isA(error, MisuseError).code, "DECLARED_TWICE");
    assert.match(isA(error, MisuseError).message, /"twice".*context\.test\.ts:\d+:\d+ and at .*context\.test\.ts:\d+:\d+/);
    await declare("twice elsewhere", "a");
    assert.equal(isA(await thrownBy(declare("twice elsewhere", "b")), MisuseError).code, "DECLARED_TWICE");
  });
  scenario("are one, where its module is loaded anew", async () => {
    const load = async (time: string): Promise<typeof import("./context-again.ts")> => import(`./context-again.ts?${time}`);
    const [first, second] = [await load("first"), await load("second")];
    assert.notEqual(first.again, second.again);
  });
  scenario("do not mind those that stay", () => {
    contextVariable("tenant");
    contextVariable("tenant");
  });
});
