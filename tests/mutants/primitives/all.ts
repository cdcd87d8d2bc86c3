/** All mistakes planted in waiting primitives, and in what uses them. */
import { barrierMistakes } from "./barrier.ts";
import { channelMistakes } from "./channel.ts";
import { conditionMistakes } from "./condition.ts";
import { eventMistakes } from "./event.ts";
import { limiterMistakes } from "./limiter.ts";
import { lockMistakes } from "./lock.ts";
import { onceMistakes } from "./once.ts";
import type { Planted } from "./planted.ts";
import { poolMistakes } from "./pool.ts";
import { readersWriterMistakes } from "./readers-writer.ts";
import { sessionMistakes } from "./session.ts";
import { workQueueMistakes } from "./work-queue.ts";

export const planted: readonly Planted[] = [
  ...lockMistakes,
  ...limiterMistakes,
  ...channelMistakes,
  ...eventMistakes,
  ...conditionMistakes,
  ...barrierMistakes,
  ...readersWriterMistakes,
  ...onceMistakes,
  ...poolMistakes,
  ...workQueueMistakes,
  ...sessionMistakes,
];
