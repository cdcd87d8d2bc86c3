/** timers/promises, events, listeners and readline, each given the scope itself. */
import assert from "node:assert/strict";
import { EventEmitter, on, once } from "node:events";
import { createInterface } from "node:readline/promises";
import { PassThrough } from "node:stream";
import { scheduler, setInterval as ticks, setTimeout as delay } from "node:timers/promises";
import { moveOnAfter, taskGroup } from "espalier";
import { scenario } from "../conformance/case.ts";
import { interruptible } from "./interruption.ts";

interruptible("timers/promises setTimeout", (scope, begun) => {
  queueMicrotask(begun);
  return delay(60_000, "value", scope);
});

interruptible("timers/promises setInterval", async (scope, begun) => {
  for await (const _tick of ticks(1, undefined, scope)) begun();
});

interruptible("scheduler.wait", (scope, begun) => {
  queueMicrotask(begun);
  return scheduler.wait(60_000, scope);
});

interruptible("events.once on an emitter", (scope, begun) => {
  queueMicrotask(begun);
  return once(new EventEmitter(), "ready", scope);
});

interruptible("events.once on an event target", (scope, begun) => {
  queueMicrotask(begun);
  return once(new EventTarget(), "ready", scope);
});

interruptible("events.on", async (scope, begun) => {
  const emitter = new EventEmitter();
  queueMicrotask(() => emitter.emit("item", 1));
  for await (const _item of on(emitter, "item", scope)) begun();
});

interruptible("readline question", async (scope, begun) => {
  const input = new PassThrough();
  const lines = createInterface({ input, output: new PassThrough() });
  queueMicrotask(begun);
  try {
    return await lines.question("name? ", scope);
  } finally {
    lines.close();
    input.destroy();
  }
});

scenario("events.once in a scope gives the event, and leaves no listener on the emitter", async () => {
  const emitter = new EventEmitter();
  await taskGroup(async (group) => {
    const ready = group.spawn((scope) => once(emitter, "ready", scope));
    emitter.emit("ready", 42);
    assert.deepEqual(await ready.join(group), [42]);
  });
  assert.deepEqual(emitter.eventNames(), []);
});

scenario("a listener that is added with a scope is removed when the scope is cancelled, and no sooner", async () => {
  const target = new EventTarget();
  let events = 0;
  await moveOnAfter(Infinity, (scope) => {
    target.addEventListener("event", () => events++, scope);
    target.dispatchEvent(new Event("event"));
    scope.cancel();
    target.dispatchEvent(new Event("event"));
  });
  assert.equal(events, 1);
});
