import type { Oracle } from "./oracle.ts";

export const g19: Oracle = {
  guarantee: "G19",
  demands: "an onCancel handler runs once, with the cancellation, at once if the scope is cancelled already; in order of registration",
  *check(history) {
    const heard = history.of("heard");
    const listening = history.of("listening").filter(({ refused }) => refused === undefined);
    for (const { seq, scope } of listening) {
      const { felt, overAt } = history.life(scope);
      const calls = heard.filter(({ listener }) => listener === seq);
      if (calls.length > 1) yield `listener #${seq} was called ${calls.length} times`;
      if (felt === undefined && calls.length > 0) yield `listener #${seq} heard of a cancellation that ${scope} did not feel`;
      if (felt === undefined || overAt < felt.seq) continue;
      const [call] = calls;
      if (call === undefined) yield `listener #${seq} was not called when ${scope} was cancelled (#${felt.seq})`;
      else if (call.cause !== felt.cause) yield `listener #${seq} heard of another cancellation (#${call.seq})`;
      else if (call.at > Math.max(felt.at, history.at(seq))) yield `listener #${seq} heard of the cancellation too late (#${call.seq})`;
    }
    for (const [index, { seq, scope }] of listening.entries()) {
      const later = listening.slice(index + 1).filter((one) => one.scope === scope);
      const at = heard.find(({ listener }) => listener === seq)?.seq ?? Infinity;
      const earlier = later.find((one) => (heard.find(({ listener }) => listener === one.seq)?.seq ?? Infinity) < at);
      if (earlier !== undefined) yield `listener #${earlier.seq} was called before listener #${seq}`;
    }
  },
};
