/** Whether a program does what all of them do: three requests at once, in order; the first failure and the time limit abort the others. */
export type Profile = (id: string, ms: number) => Promise<unknown>;

type Answers = Readonly<Record<string, { readonly ok: boolean; readonly status: number; json(): unknown } | "never">>;

const good = (kind: string) => ({ ok: true, status: 200, json: async () => ({ kind }) });
const never = "never";

/** fetch as far as the programs use it: who was asked, and whose request was aborted. */
class Network {
  readonly asked: string[] = [];
  readonly aborted: string[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  readonly fetch = (address: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<unknown> => {
    const kind = address.split("/")[1]!;
    this.asked.push(address);
    const answer = this.#answers[kind]!;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.aborted.push(kind);
        reject(signal!.reason as Error);
      };
      // A time limit may have passed before anybody is asked.
      if (signal?.aborted === true) abort();
      else signal?.addEventListener("abort", abort);
      if (answer !== never) setImmediate(resolve, answer);
    });
  };
}

async function outcomeOf(profile: Profile, answers: Answers, ms: number) {
  const network = new Network(answers);
  const before = globalThis.fetch;
  globalThis.fetch = network.fetch as unknown as typeof fetch;
  try {
    const [result] = await Promise.allSettled([profile("7", ms)]);
    return { network, result };
  } finally {
    globalThis.fetch = before;
  }
}

const hour = 3_600_000;

/** What a program does otherwise, in sentences; none is what is wanted. */
export async function trial(profile: Profile): Promise<string[]> {
  const wrong: string[] = [];
  const all = await outcomeOf(profile, { user: good("user"), orders: good("orders"), friends: good("friends") }, hour);
  const expected = JSON.stringify(["user", "orders", "friends"].map((kind) => ({ kind })));
  if (all.result.status !== "fulfilled" || JSON.stringify(all.result.value) !== expected) wrong.push(`three answers gave ${all.result.status === "rejected" ? String(all.result.reason) : JSON.stringify(all.result.value)}`);
  if (all.network.asked.join() !== "/user/7,/orders/7,/friends/7") wrong.push(`it asked for ${all.network.asked.join()}`);
  const failed = await outcomeOf(profile, { user: never, orders: { ok: false, status: 500, json: () => undefined }, friends: never }, hour);
  if (failed.result.status !== "rejected") wrong.push("it did not fail when one of them did");
  if (failed.network.aborted.filter((kind) => kind !== "orders").join() !== "user,friends") wrong.push(`the first failure aborted ${failed.network.aborted.join() || "none"}`);
  const late = await outcomeOf(profile, { user: never, orders: never, friends: never }, 1);
  if (late.result.status !== "rejected") wrong.push("it did not fail after its time");
  const left = late.network.asked.filter((address) => !late.network.aborted.includes(address.split("/")[1]!));
  if (left.length > 0) wrong.push(`its time limit left ${left.join()} alone`);
  return wrong;
}
