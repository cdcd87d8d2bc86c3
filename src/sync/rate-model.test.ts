/** A RateLimiter beside a bucket that is looked at each millisecond. */
import { RateLimiter } from "espalier/sync";
import { type Beside, besideModel, type Call, waiting } from "../../tests/model/beside.ts";

interface Wish extends Call {
  readonly count: number;
}

/** "A bucket that fills steadily, and out of which each takes a token": it is counted in drops, one each millisecond. */
class Bucket {
  readonly #msPerToken: number;
  readonly #size: number;
  readonly #line: Wish[] = [];
  #drops: number;
  #now = 0;

  constructor(msPerToken: number, burst: number) {
    this.#msPerToken = msPerToken;
    this.#drops = this.#size = burst * msPerToken;
  }

  get waiting(): number {
    return waiting(this.#line).length;
  }

  /** Nobody overtakes: who comes last takes only what is there when nobody waits before. */
  take(wish: Wish): boolean {
    const cost = wish.count * this.#msPerToken;
    if (this.waiting > 0 || this.#drops < cost) return false;
    this.#drops -= cost;
    wish.came = `at ${this.#now}`;
    return true;
  }

  acquire(wish: Wish): void {
    if (!this.take(wish)) this.#line.push(wish);
  }

  pass(ms: number): void {
    this.#serve();
    for (let left = ms; left > 0; left--) {
      this.#now++;
      this.#drops = Math.min(this.#size, this.#drops + 1);
      this.#serve();
    }
  }

  /** The first in line, as often as there is enough for it. */
  #serve(): void {
    const line = waiting(this.#line);
    this.#line.length = 0;
    while (line.length > 0 && this.take(line[0]!)) line.shift();
    this.#line.push(...line);
  }
}

/** Powers of two, of which no sum loses a bit: a token comes in a whole millisecond. */
function rateOf({ random }: Beside): { readonly tokens: number; readonly interval: number; readonly burst: number } {
  const tokens = random.pick([1, 2, 4]);
  return { tokens, interval: tokens * random.pick([1, 8, 32]), burst: random.int(1, 5) };
}

besideModel("a RateLimiter gives each its tokens in the millisecond in which they are there, in the order of coming, and those of the cancelled to the next", 200, async (beside) => {
  const { random } = beside;
  const rate = rateOf(beside);
  beside.note(`${rate.tokens} in ${rate.interval} ms, burst ${rate.burst}`);
  const limiter = new RateLimiter(rate);
  const bucket = new Bucket(rate.interval / rate.tokens, rate.burst);
  const acquire = (count: number): void => {
    const wish: Wish = { count, came: undefined };
    bucket.acquire(wish);
    beside.make(`acquire ${count}`, wish, async (scope) => {
      await (count === 1 && random.chance(0.5) ? limiter.acquire(scope) : limiter.acquireMany(count, scope));
      return `at ${scope.now()}`;
    });
  };
  for (let turn = 0; turn < 40; turn++) {
    const count = random.int(1, rate.burst);
    if (random.chance(0.3)) beside.same(`try ${count}`, limiter.tryAcquire(beside.group, count), bucket.take({ count, came: undefined }));
    for (let calls = random.int(0, 3); calls > 0; calls--) {
      if (random.chance(0.3)) beside.cancel();
      else acquire(random.int(1, rate.burst));
    }
    const ms = random.pick([0, 0, 1, 7, 20, 100]);
    bucket.pass(ms);
    await beside.settle(ms);
    beside.same("who waits", limiter.statistics().waiting, bucket.waiting);
  }
  beside.cancelAll();
  await beside.settle();
  beside.same("at last", [limiter.statistics().waiting, limiter.tryAcquire(beside.group, 1)], [0, bucket.take({ count: 1, came: undefined })]);
});
