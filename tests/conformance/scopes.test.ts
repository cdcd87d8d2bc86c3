/** Cases of topic N: scopes in scopes, who absorbs a cancellation, and that it is felt until the scope is left. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, moveOnAfter, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import { park } from "espalier/lowlevel";
import { quiet, same, scenario, thrownBy } from "./case.ts";

const FELL_BACK = "the fallback";

/** The plain cancel scope. */
const cancelScope = <T>(parent: Scope, body: (scope: CancelScope) => T | PromiseLike<T>): Promise<T | string> =>
  parent.moveOnAfter(Infinity, body, { fallback: FELL_BACK });

scenario("N01: two cancel() are one cancellation, which the scope absorbs at its next wait", async ({ clock }) => {
  const interruptions: unknown[] = [];
  const value = await moveOnAfter(
    Infinity,
    async (scope) => {
      scope.onCancel((reason) => void interruptions.push(reason));
      scope.cancel("once");
      scope.cancel("twice");
      assert.equal(scope.cancelled, true);
      interruptions.push(await thrownBy(sleep(10, scope)));
      await sleep(10, scope);
    },
    { clock, fallback: FELL_BACK },
  );
  assert.equal(value, FELL_BACK);
  assert.equal(interruptions.length, 2);
  assert.equal(interruptions[0], interruptions[1]);
});

scenario("N02: after it was caught, the next library operation throws it again, any number of times", async ({ clock }) => {
  const value = await moveOnAfter(
    Infinity,
    async (scope) => {
      scope.cancel();
      for (let n = 0; n < 5; n++) assert.equal(await thrownBy(sleep(10, scope)), scope.reason);
      await scope.checkpoint();
    },
    { clock, fallback: FELL_BACK },
  );
  assert.equal(value, FELL_BACK);
});

scenario("N03: of scopes 1 ⊃ 2 ⊃ 3, cancelled 3 then 2, scope 2 absorbs and the code after 3 is skipped", async ({ clock }) => {
  const log: string[] = [];
  const value = await taskGroup(
    (one) =>
      cancelScope(one, async (two) => {
        await cancelScope(two, async (three) => {
          three.cancel();
          two.cancel();
          await sleep(10, three);
          log.push("in 3");
        });
        log.push("between the end of 3 and the end of 2");
      }).then(async (given) => {
        await sleep(10, one);
        assert.equal(one.cancelled, false);
        return given;
      }),
    { clock },
  );
  assert.equal(value, FELL_BACK);
  assert.deepEqual(log, []);
});

scenario("N06: a root with a signal that is aborted already starts its body, whose first operation throws", async ({ clock, outside }) => {
  const client = outside();
  client.abort("gone");
  const log: string[] = [];
  const error = await thrownBy(
    taskGroup(
      async (group) => {
        log.push("started");
        await sleep(10, group);
        log.push("a line that must not run");
      },
      { clock, signal: client.signal },
    ),
  );
  assert.deepEqual(log, ["started"]);
  assert.ok(error instanceof CancelledError);
  assert.deepEqual([error.source, error.reason], ["signal", "gone"]);
});

scenario("N07: cancel() after the scope ended does nothing, also to the scope around", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      let kept: CancelScope | undefined;
      await cancelScope(group, (scope) => void (kept = scope));
      kept!.cancel("late");
      assert.equal(kept!.cancelled, false);
      await sleep(10, group);
      assert.equal(group.cancelled, false);
    },
    { clock },
  );
});

scenario("N09: a body that is cancelled and returns without waiting gives its value; nothing is delivered later", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const value = await cancelScope(group, (scope) => {
        scope.cancel();
        return "the body's";
      });
      assert.equal(value, "the body's");
      await sleep(10, group);
    },
    { clock },
  );
});

scenario("N11: an outer cancellation reaches an inner group that is draining, whose call waits for its tasks all the same", async ({ clock }) => {
  const log: string[] = [];
  await taskGroup(
    async (group) => {
      const value = await cancelScope(group, async (outer) => {
        group.spawn((scope) => sleep(100, scope).then(() => outer.cancel()));
        await outer.group((inner) => {
          inner.spawn(async (scope) => {
            await sleep(10_000, scope).finally(async () => {
              log.push(`interrupted at ${clock.now()}`);
              await quiet();
              log.push("cleaned up");
            });
          });
        });
        log.push("a line that must not run");
      });
      log.push(value!);
    },
    { clock },
  );
  assert.deepEqual(log, ["interrupted at 100", "cleaned up", FELL_BACK]);
});

scenario("N12: a scope of one task that another task cancels ends that region alone", async ({ clock }) => {
  const log: string[] = [];
  await taskGroup(
    async (group) => {
      let region: CancelScope | undefined;
      group.spawn(async (scope) => {
        await cancelScope(scope, (inner) => {
          region = inner;
          return sleep(10_000, inner);
        });
        await sleep(10, scope);
        log.push("the task goes on");
      });
      group.spawn(() => region!.cancel());
      await sleep(50, group);
      log.push("so does the body");
      assert.equal(group.cancelled, false);
    },
    { clock },
  );
  assert.deepEqual(log, ["the task goes on", "so does the body"]);
  assert.equal(clock.now(), 50);
});

scenario("N14: after a scope absorbed its cancellation, the next line runs and its waits work", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      for (let round = 1; round <= 3; round++) {
        const value = await group.moveOnAfter(10, (scope) => sleep(1_000, scope), { fallback: FELL_BACK });
        assert.equal(value, FELL_BACK);
        await sleep(5, group);
        assert.equal(clock.now(), round * 15);
      }
    },
    { clock },
  );
});

describe("N20: cancellation goes down only", () => {
  scenario("N20: cancelling a child never cancels its parent", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn((scope) => sleep(1_000, scope));
        task.cancel();
        await cancelScope(group, (scope) => {
          scope.cancel();
          return sleep(1_000, scope);
        });
        assert.equal(group.cancelled, false);
        assert.equal(group.signal.aborted, false);
        await sleep(10, group);
      },
      { clock },
    );
  });

  scenario("N20: a scope that is opened under a cancelled parent is cancelled from birth", async ({ clock }) => {
    const seen: unknown[] = [];
    await moveOnAfter(
      Infinity,
      async (outer) => {
        outer.cancel();
        await outer.group(async (group) => {
          seen.push(group.cancelled, group.reason, group.signal.aborted, group.signal.reason, group.deadline);
          await group.failAfter(1_000, async (inner) => {
            seen.push(inner.reason);
            await sleep(1, inner);
          });
        });
      },
      { clock },
    );
    const [cancelled, reason, aborted, ...reasons] = seen;
    assert.deepEqual([cancelled, aborted], [true, true]);
    assert.ok(reason instanceof CancelledError);
    same(reasons, [reason, -Infinity, reason]);
  });

  scenario("N20: a grandchild is reached, though the scope between has been left by its function", async ({ clock }) => {
    const interrupted: unknown[] = [];
    await moveOnAfter(
      Infinity,
      async (outer) => {
        await outer.group((group) => {
          group.spawn((scope) =>
            scope.group((inner) => {
              inner.spawn((leaf) => sleepForever(leaf).catch((error: unknown) => interrupted.push(error)));
              inner.spawn(() => outer.cancel());
            }),
          );
        });
      },
      { clock },
    );
    assert.equal(interrupted.length, 1);
  });
});

describe("N23: what a cancellation reaches is cancelled before any code hears of it", () => {
  for (const first of ["signals were read before", "signals are read when told"] as const) {
    scenario(`N23: ${first}: in any listener or onCancel handler, parent, child and sibling tasks all read as aborted`, async ({ clock }) => {
      const faces: Scope[] = [];
      const seen: [cancelled: boolean[], aborted: boolean[], reasons: Set<unknown>][] = [];
      const look = (): void => {
        seen.push([
          faces.map(({ cancelled }) => cancelled),
          faces.map(({ signal }) => signal.aborted),
          new Set(faces.flatMap(({ reason, signal }) => [reason, signal.reason])),
        ]);
      };
      await taskGroup(
        async (group) => {
          const watched = (scope: Scope): void => {
            faces.push(scope);
            scope.onCancel(look);
            if (first === "signals were read before") scope.signal.addEventListener("abort", look);
          };
          const task = async (scope: Scope): Promise<void> => {
            watched(scope);
            await scope.group(async (inner) => {
              watched(inner);
              await inner.failAfter(1_000, (leaf) => {
                watched(leaf);
                return sleepForever(leaf);
              });
            });
          };
          watched(group);
          group.spawn(task);
          group.spawn(task);
          group.cancel();
          const told = first === "signals were read before" ? 2 : 1;
          assert.equal(seen.length, faces.length * told, "everybody was told within cancel()");
        },
        { clock },
      );
      assert.equal(faces.length, 7);
      for (const [cancelled, aborted, reasons] of seen) {
        assert.deepEqual(cancelled, Array(7).fill(true));
        assert.deepEqual(aborted, Array(7).fill(true));
        assert.equal(reasons.size, 1, "and tell the same reason");
      }
    });
  }

  scenario("N23: a shielded descendant does not read as aborted", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (scope) => {
        await scope.shield((shield) => {
          const { signal } = shield;
          scope.cancel();
          assert.equal(scope.signal.aborted, true);
          assert.equal(signal.aborted, false);
          assert.equal(shield.cancelled, false);
        });
      },
      { clock },
    );
  });

  scenario("N23: throwIfAborted() agrees with aborted, in the first listener already", async ({ clock }) => {
    const seen: unknown[] = [];
    await moveOnAfter(
      Infinity,
      async (outer) => {
        await outer.failAfter(1_000, (inner) => {
          const { signal } = inner;
          outer.signal.addEventListener("abort", () => {
            seen.push(signal.aborted);
            try {
              signal.throwIfAborted();
            } catch (error) {
              seen.push(error);
            }
          });
          outer.cancel();
          assert.equal(seen.length, 2);
          assert.equal(seen[1], outer.reason);
        });
      },
      { clock },
    );
  });

  scenario("N23: a dependent signal made in a listener is aborted", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (outer) => {
        await outer.failAfter(1_000, (inner) => {
          const { signal } = inner;
          let made: AbortSignal | undefined;
          outer.signal.addEventListener("abort", () => { made = AbortSignal.any([signal]); });
          outer.cancel();
          assert.equal(made?.aborted, true);
          assert.equal(made?.reason, outer.reason);
        });
      },
      { clock },
    );
  });

  scenario("N23: what park() calls when its scope lets go sees the whole cancellation", async ({ clock }) => {
    const seen: unknown[] = [];
    await moveOnAfter(
      Infinity,
      async (outer) => {
        await outer.failAfter(1_000, async (inner) => {
          const signals = [outer.signal, inner.signal];
          void sleepForever(inner);
          const parked = park(outer, "bell", () => () => seen.push(outer.cancelled, inner.cancelled, ...signals.map(({ aborted }) => aborted)));
          outer.cancel();
          await parked;
        });
      },
      { clock },
    );
    assert.deepEqual(seen, [true, true, true, true]);
  });
});
