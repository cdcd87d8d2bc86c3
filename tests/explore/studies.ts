/** All studies, by the primitive that they look at. */
import { studies as barrier } from "./programs/barrier.ts";
import { studies as channel } from "./programs/channel.ts";
import { studies as condition } from "./programs/condition.ts";
import { studies as event } from "./programs/event.ts";
import { studies as limiter } from "./programs/limiter.ts";
import { studies as lock } from "./programs/lock.ts";
import { studies as once } from "./programs/once.ts";
import { studies as pool } from "./programs/pool.ts";
import { studies as readersWriter } from "./programs/readers-writer.ts";
import { studies as session } from "./programs/session.ts";
import { studies as workQueue } from "./programs/work-queue.ts";
import type { Study } from "./study.ts";

export const studies: Readonly<Record<string, Readonly<Record<string, Study>>>> = {
  barrier,
  channel,
  condition,
  event,
  limiter,
  lock,
  once,
  pool,
  readersWriter,
  session,
  workQueue,
};
