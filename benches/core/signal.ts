/** The price of the platform's face: 10,000 tasks that read their scope's signal, beside a bare AbortController each. */
import { taskGroup } from "../espalier.ts";
import { interleave, timed } from "../measure.ts";
import { median, pairedRatio } from "../ratio.ts";
import { atMost, type Row } from "../row.ts";

const items = 10_000;

export const row: Row = {
  async measure() {
    const work = Array.from({ length: items }, () => async (signal: AbortSignal): Promise<boolean> => {
      await null;
      return signal.aborted;
    });
    const took = await interleave({
      scopes: timed(items, () =>
        taskGroup((group) => {
          for (const fn of work) group.spawn((scope) => fn(scope.signal));
        }),
      ),
      controllers: timed(items, () => Promise.all(work.map((fn) => fn(new AbortController().signal)))),
    });
    return [
      {
        what: "tasks that read scope.signal",
        items,
        unit: "µs",
        ours: { name: "taskGroup", value: median(took.scopes) },
        beside: { name: "Promise.all, AbortController each", value: median(took.controllers) },
        ratio: pairedRatio(took.scopes, took.controllers),
        reach: atMost(2),
      },
    ];
  },
};
