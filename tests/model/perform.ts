/** How each step is done with the real library. A step whose names stand for nothing yet does nothing. */
import { CancelledError, type CancelScope, isCancelled, sleep, sleepForever, type TaskGroup } from "espalier";
import { attempt, resume } from "./attempt.ts";
import type { Act, Name, Reaction, Step, TaskSpec } from "./program.ts";
import type { Frame, World } from "./world.ts";

type Do<K extends Step["do"]> = (step: StepOf<K>, frame: Frame, world: World) => unknown;
type StepOf<K extends Step["do"]> = Step extends infer S ? (S extends { readonly do: infer D } ? (K extends D ? S : never) : never) : never;

export function perform(step: Step, frame: Frame, world: World): unknown {
  return (steps[step.do] as Do<never>)(step as never, frame, world);
}

/** An act from outside: what it throws is nobody's. */
export function act(step: Act, world: World): void {
  attempt(
    () => perform(step, { name: "outside", scope: undefined as never }, world),
    () => {},
  );
}

const steps: { readonly [K in Step["do"]]: Do<K> } = {
  sleep: ({ ms, in: name }, own, world) => {
    const frame = world.frame(name, own);
    return world.wait({ for: "time", ms }, frame, () => sleep(ms, frame.scope));
  },
  forever: ({ in: name }, own, world) => {
    const frame = world.frame(name, own);
    return world.wait({ for: "ever" }, frame, () => sleepForever(frame.scope));
  },
  checkpoint: ({ in: name }, own, world) => {
    const frame = world.frame(name, own);
    return world.wait({ for: "turn" }, frame, () => frame.scope.checkpoint());
  },
  deaf: ({ ms }, _, world) => world.clock.after(ms),
  wait: ({ promise, in: name }, own, world) => {
    const frame = world.frame(name, own);
    return world.wait({ for: "promise", promise }, frame, () => frame.scope.wait(world.pledge(promise).promise));
  },
  join: ({ task, in: name }, own, world) => {
    const handle = world.tasks.get(task);
    const frame = world.frame(name, own);
    return handle === undefined ? undefined : world.wait({ for: "join", task }, frame, () => handle.join(frame.scope));
  },
  settled: ({ task, in: name }, own, world) => {
    const handle = world.tasks.get(task);
    const frame = world.frame(name, own);
    return handle === undefined ? undefined : world.wait({ for: "settled", task }, frame, () => handle.settled(frame.scope));
  },
  open: ({ opening, in: name }, frame, world) => world.opened(opening, world.frame(name, frame), frame),
  together: ({ openings }, frame, world) => Promise.all(openings.map((opening) => world.opened(opening, frame))),
  forget: ({ opening }, frame, world) => void world.forgotten.set(world.open(opening, frame), opening.name),
  spawn: (step, _, world) => spawn(step.task, step.group, "spawn", world),
  trySpawn: (step, _, world) => spawn(step.task, step.group, "trySpawn", world),
  vacancy: ({ group, in: name }, own, world) => vacancy(group, undefined, world.frame(name, own), world),
  admit: ({ task, group, in: name }, own, world) => vacancy(group, task.name, world.frame(name, own), world)?.then(() => spawn(task, group, "admit", world)),
  start: ({ group: name, task, in: caller }, own, world) => {
    const group = world.scopes.get(name) as TaskGroup | undefined;
    if (group === undefined) return undefined;
    const frame = world.frame(caller, own);
    const run = (scope: Frame["scope"], started: (value: unknown) => void): unknown => world.call(task.body, { name: task.name, scope, started });
    world.trace.add({ is: "spawning", how: "start", task: task.name, group: name, caller: frame.name });
    return world.wait({ for: "start", task: task.name }, frame, async () => {
      const handle = await group.start(run, frame.scope, { name: task.name, daemon: task.daemon });
      world.task(task.name, handle);
      return handle.started;
    });
  },
  started: (_, { name, started }, world) => {
    if (started !== undefined) note(world.trace.add({ is: "started", task: name, refused: undefined }), () => started(`start of ${name}`));
  },
  cancel: ({ target, reason }, _, world) => {
    const handle = world.tasks.get(target) ?? (world.scopes.get(target) as Partial<CancelScope> | undefined);
    if (handle?.cancel === undefined) return;
    world.trace.add({ is: "cancelling", scope: target, reason });
    handle.cancel(reason);
  },
  reschedule: ({ target, ms }, _, world) => {
    const scope = world.scopes.get(target) as Partial<CancelScope> | undefined;
    if (scope?.reschedule === undefined) return;
    const deadline = world.clock.now() + ms;
    note(world.trace.add({ is: "rescheduled", scope: target, deadline, refused: undefined }), () => scope.reschedule!(deadline));
  },
  fulfil: ({ promise: name, error }, _, world) => {
    const pledge = world.pledge(name);
    if (error === undefined) {
      world.trace.add({ is: "fulfilling", promise: name, result: { ok: true, value: `value of ${name}` } });
      pledge.fulfil(`value of ${name}`);
    } else {
      const planned = world.planned(error);
      world.trace.add({ is: "fulfilling", promise: name, result: { ok: false, error: planned } });
      pledge.reject(planned);
    }
  },
  abort: (_step, _frame, world) => {
    const reason = "aborted from outside";
    world.trace.add({ is: "aborting", reason });
    world.signal.abort(reason);
  },
  throw: ({ what, error: name }, _, world) => {
    if (what === "kept" && world.kept.length === 0) return;
    const error = what === "kept" ? world.kept[0] : what === "text" ? name : what === "abort" ? new DOMException(name, "AbortError") : world.planned(name);
    if (what !== "kept") world.trace.add({ is: "threw", error });
    throw error;
  },
  try: ({ body, reaction }, frame, world) =>
    attempt(
      () => world.block(body, frame),
      (result) => {
        if (result.ok) return undefined;
        world.trace.add({ is: "caught", error: result.error });
        return react(reaction, result.error, world);
      },
    ),
  finally: ({ body, cleanup }, frame, world) =>
    attempt(
      () => world.block(body, frame),
      (result) => {
        if (!result.ok) world.trace.add({ is: "caught", error: result.error });
        const done = world.block(cleanup, frame);
        return done instanceof Promise ? done.then(() => resume(result)) : resume(result);
      },
    ),
  defer: ({ cleanup: { name, ms, body }, in: owner }, own, world) => {
    const frame = world.frame(owner, own);
    // The function's name becomes the name of the cleanup's scope.
    const { [name]: run } = { [name]: (scope: Frame["scope"]) => world.call(body, { name, scope }) };
    const defer = (): void => frame.scope.defer(run!, ms === Infinity ? undefined : { timeout: ms });
    note(world.trace.add({ is: "deferred", scope: frame.name, cleanup: name, refused: undefined }), defer);
  },
  onCancel: ({ in: name }, own, world) => {
    const frame = world.frame(name, own);
    const entry = world.trace.add({ is: "listening", scope: frame.name, refused: undefined });
    note(entry, () => void frame.scope.onCancel((cause) => world.trace.add({ is: "heard", listener: entry.seq, cause })));
  },
  look: ({ in: name }, own, world) => {
    const { name: scope, scope: seen } = world.frame(name, own);
    const { cancelled, reason, deadline } = seen;
    world.trace.add({ is: "looked", scope, cancelled, reason, deadline });
  },
};

/** Makes a synchronous call, and writes down what it threw. */
function note(entry: { refused: unknown }, call: () => void): void {
  try {
    call();
  } catch (error) {
    entry.refused = error;
    throw error;
  }
}

function vacancy(name: Name, task: Name | undefined, frame: Frame, world: World): Promise<unknown> | undefined {
  const group = world.scopes.get(name) as TaskGroup | undefined;
  return group && world.wait({ for: "room", group: name, task }, frame, () => group.vacancy(frame.scope));
}

function spawn({ name, daemon, body }: TaskSpec, groupName: Name, how: "spawn" | "trySpawn" | "admit", world: World): void {
  const group = world.scopes.get(groupName) as TaskGroup | undefined;
  if (group === undefined) return;
  world.trace.add({ is: "spawning", how, task: name, group: groupName, caller: undefined });
  void attempt(
    () => group[how === "spawn" ? how : "trySpawn"]((scope) => world.call(body, { name, scope }), { name, daemon }),
    (result) => {
      world.trace.add({ is: "spawned", task: name, result });
      if (result.ok && result.value !== undefined) world.task(name, result.value as Parameters<World["task"]>[1]);
      resume(result);
    },
  );
}

function react(reaction: Reaction, caught: unknown, world: World): void {
  switch (reaction.to) {
    case "swallow":
      return;
    case "keep":
      world.kept = [caught];
      return;
    case "rethrow":
      throw caught;
    case "abort":
      throw caught instanceof CancelledError ? Object.assign(new DOMException("replaced", "AbortError"), { cause: caught }) : caught;
    case "bareAbort":
      throw isCancelled(caught) ? new DOMException("replaced", "AbortError") : caught;
    default:
      throw wrapped(reaction, caught, world);
  }
}

function wrapped({ to, error }: Extract<Reaction, { readonly error: Name }>, caught: unknown, world: World): Error {
  const planned = world.planned(error);
  world.trace.add({ is: "threw", error: planned });
  if (to === "aggregate") return new AggregateError([caught, planned], `both of ${error}`, { cause: `cause of ${error}` });
  if (to === "suppress") return new SuppressedError(planned, caught, `both of ${error}`);
  return planned;
}
