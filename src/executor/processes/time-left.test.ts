/** Deadlines that go to another process arrive as deadlines; all else as it is. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CALLS, CLOSE, DEADLINE, type Extra, type Message } from "../wire/messages.ts";
import { withDeadlines, withTimeLeft } from "./time-left.ts";

const inMs = (ms: number): number => performance.timeOrigin + performance.now() + ms;
const near = (value: unknown, wanted: number): void => assert.ok(Math.abs((value as number) - wanted) < 1_000, `${String(value)} is not about ${wanted}`);

describe("deadlines on their way to another process", () => {
  test("of calls are what is left, and then deadlines again; the message of the sender stays as it was", () => {
    const extra: Extra = { deadline: inMs(5_000), key: "mine" };
    const message: Message = [CALLS, 1, 1, 0, "first", undefined, 2, 1, 0, "second", extra, 3, 1, 0, "third", { key: "other" }];
    const kept = structuredClone(message);
    const sent = withTimeLeft(message);
    assert.deepEqual(message, kept);
    near((sent[10] as Extra).deadline, 5_000);
    const arrived = withDeadlines(sent);
    near((arrived[10] as Extra).deadline, extra.deadline!);
    assert.deepEqual(arrived.toSpliced(10, 1), message.toSpliced(10, 1));
    assert.equal((arrived[10] as Extra).key, "mine");
  });

  test("that were moved, too, and that were taken away stay so", () => {
    near(withTimeLeft([DEADLINE, 1, 2, inMs(5_000)])[3], 5_000);
    near(withDeadlines([DEADLINE, 1, 2, 5_000])[3], inMs(5_000));
    assert.deepEqual(withDeadlines(withTimeLeft([DEADLINE, 1, 2, undefined])), [DEADLINE, 1, 2, undefined]);
  });

  test("are in no other message, nor in calls that have none", () => {
    for (const message of [[CLOSE], [CALLS, 1, 1, 0, "first", undefined]] satisfies Message[]) assert.equal(withTimeLeft(message), message);
  });
});
