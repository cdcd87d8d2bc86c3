/** A Barrier, and an Event, beside a list of those who have come. */
import assert from "node:assert/strict";
import { Barrier, Event } from "espalier/sync";
import { besideModel, type Call, waiting } from "../../tests/model/beside.ts";

/** "So many have to come, then all go on, and it begins anew"; who leaves is not counted, and those after it move up. */
class Round {
  readonly #parties: number;
  readonly #came: Call[] = [];
  isBroken = false;

  constructor(parties: number) {
    this.#parties = parties;
  }

  get waiting(): Call[] {
    return waiting(this.#came);
  }

  come(): Call {
    const call: Call = { came: this.isBroken ? "BROKEN" : undefined };
    this.#came.push(call);
    const all = this.waiting;
    if (all.length === this.#parties) for (const [place, one] of all.entries()) one.came = `place ${place}`;
    return call;
  }

  sendHome(): void {
    for (const one of this.waiting) one.came = "BROKEN";
  }
}

besideModel("a Barrier lets go all who have come when they are enough, each with its place, and sends home who waits when it is aborted or reset", 200, async (beside) => {
  const { random } = beside;
  const parties = random.int(1, 4);
  const barrier = new Barrier(parties);
  const model = new Round(parties);
  const come = (): void => beside.make("come", model.come(), async (scope) => `place ${await barrier.wait(scope)}`);
  for (let turn = 0; turn < 30; turn++) {
    for (let calls = random.int(1, 5); calls > 0; calls--) {
      const what = random.weighted({ come: 8, cancel: 3, abort: 0.3, reset: 0.6 });
      if (what === "come") come();
      else if (what === "cancel") beside.cancel(random.chance(0.3) ? come : undefined);
      else {
        beside.note(what);
        barrier[what]();
        model.isBroken = what === "abort";
        model.sendHome();
      }
      beside.same("→", barrier.statistics(), { parties, waiting: model.waiting.length, broken: model.isBroken });
    }
    await beside.settle();
  }
  beside.cancelAll();
  await beside.settle();
  assert.equal(barrier.statistics().waiting, 0);
});

besideModel("an Event lets go all who wait when it is set, in the order in which they came, and nobody while it is not", 100, async (beside) => {
  const { random } = beside;
  const event = new Event();
  const line: Call[] = [];
  const order: { readonly real: number[]; readonly model: number[] } = { real: [], model: [] };
  let isSet = false;
  const letGo = (): void => {
    for (const call of isSet ? waiting(line) : []) {
      call.came = "goes on";
      order.model.push(line.indexOf(call));
    }
  };
  const come = (): void => {
    const call: Call = { came: undefined };
    const number = line.push(call) - 1;
    letGo();
    beside.make("wait", call, async (scope) => {
      await event.wait(scope);
      order.real.push(number);
      return "goes on";
    });
  };
  const set = (): void => {
    beside.note("set");
    event.set();
    isSet = true;
    letGo();
  };
  for (let turn = 0; turn < 30; turn++) {
    for (let calls = random.int(1, 5); calls > 0; calls--) {
      const what = random.weighted({ wait: 6, cancel: 3, set: 1.5, clear: 2 });
      if (what === "wait") come();
      else if (what === "cancel") beside.cancel(random.chance(0.2) ? set : undefined);
      else if (what === "set") set();
      else {
        beside.note("clear");
        event.clear();
        isSet = false;
      }
      beside.same("→", event.statistics(), { isSet, waiting: waiting(line).length });
    }
    await beside.settle();
    beside.same("in this order", order.real, order.model);
  }
  beside.cancelAll();
  await beside.settle();
  assert.equal(event.statistics().waiting, 0);
});
