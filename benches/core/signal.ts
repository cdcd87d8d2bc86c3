/** The price of the platform's face: 10,000 tasks that read their scope's signal, beside a bare AbortController each. */
import { taskGroup } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { atMost, compare, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";

const items = 10_000;

const work = Array.from({ length: items }, () => async (signal: AbortSignal): Promise<boolean> => {
  await null;
  return signal.aborted;
});

const inGroup = (): Promise<void> =>
  taskGroup((group) => {
    for (const fn of work) group.spawn((scope) => fn(scope.signal));
  });

const withControllers = (): Promise<unknown> => Promise.all(work.map((fn) => fn(new AbortController().signal)));

export const ways: Ways = {
  scopes: () => timed(items, inGroup),
  controllers: () => timed(items, withControllers),
};

export const row: Row = {
  async measure() {
    const { scopes, controllers } = await interleave(import.meta.url, ["scopes", "controllers"]);
    const about = { what: "tasks that read scope.signal", items, unit: "µs", reach: atMost(2) };
    return [compare(about, ["taskGroup", scopes], ["Promise.all, AbortController each", controllers])];
  },
};
