/**
 * Makes a program smaller as long as it still does what it is wanted for: drops steps and actors, puts what is
 * inside a step in its place, takes options away, rounds times. A program needs no repair afterwards, because a
 * step that names something which is gone does nothing.
 */
import {
  type Act,
  type Actor,
  type Block,
  blocksOf,
  type Combination,
  type GroupOpening,
  isCombination,
  type LimitedOpening,
  type Opening,
  type Program,
  type Reporter,
  type RootOpening,
  type Step,
} from "./program.ts";

/** The smallest program found, by at most `patience` trials. */
export async function shrink(program: Program, isWanted: (candidate: Program) => Promise<boolean>, patience = 1_500): Promise<Program> {
  let best = program;
  for (let trials = 0; trials < patience; ) {
    let found: Program | undefined;
    for (const candidate of smallerPrograms(best)) {
      if (++trials > patience) break;
      if (!(await isWanted(candidate))) continue;
      found = candidate;
      break;
    }
    if (found === undefined) return best;
    best = found;
  }
  return best;
}

/** All that are one step smaller, the boldest first. */
function* smallerPrograms(program: Program): Generator<Program> {
  const { actors, root } = program;
  for (const fewer of without(actors)) yield { ...program, actors: fewer };
  for (const body of smallerBlocks(root.body)) yield { ...program, root: { ...root, body } };
  for (const plainer of plainerRoots(root)) yield { ...program, root: plainer };
  for (const [index, actor] of actors.entries()) for (const smaller of smallerActors(actor)) yield { ...program, actors: actors.with(index, smaller) };
  if (program.signal) yield { ...program, signal: false };
  if (program.watch !== "probe") yield { ...program, watch: "probe" };
}

function* smallerActors(actor: Actor): Generator<Actor> {
  for (const acts of without(actor.acts)) if (acts.length > 0) yield { ...actor, acts };
  for (const at of smallerTimes(actor.at)) yield { ...actor, at };
  for (const [index, act] of actor.acts.entries()) for (const smaller of smallerSteps(act)) yield { ...actor, acts: actor.acts.with(index, smaller as Act) };
}

function* smallerBlocks(block: Block): Generator<Block> {
  yield* without(block);
  for (const [index, step] of block.entries()) for (const inner of blocksOf(step)) yield block.toSpliced(index, 1, ...inner);
  for (const [index, step] of block.entries()) for (const smaller of smallerSteps(step)) yield block.with(index, smaller);
}

/** The list without one half, without the other, and without each one of it. */
function* without<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length > 3) {
    yield list.slice(list.length >> 1);
    yield list.slice(0, list.length >> 1);
  }
  for (const index of list.keys()) yield list.toSpliced(index, 1);
}

function* smallerSteps(step: Step): Generator<Step> {
  if ("in" in step && step.in !== undefined) yield { ...step, in: undefined };
  switch (step.do) {
    case "sleep":
    case "deaf":
      for (const ms of smallerTimes(step.ms)) yield { ...step, ms };
      return;
    case "reschedule":
      for (const ms of smallerTimes(step.ms)) yield { ...step, ms };
      return;
    case "fulfil":
      if (step.error !== undefined) yield { ...step, error: undefined };
      return;
    case "open":
    case "forget":
      for (const opening of smallerOpenings(step.opening)) yield { ...step, opening };
      return;
    case "together":
      for (const opening of step.openings) yield { do: "open", opening };
      for (const [index, opening] of step.openings.entries()) {
        for (const smaller of smallerOpenings(opening)) yield { ...step, openings: step.openings.with(index, smaller) };
      }
      return;
    case "spawn":
    case "trySpawn":
    case "admit":
    case "start":
      if (step.task.daemon) yield { ...step, task: { ...step.task, daemon: false } };
      for (const body of smallerBlocks(step.task.body)) yield { ...step, task: { ...step.task, body } };
      return;
    case "throw":
      if (step.what !== "error") yield { ...step, what: "error" };
      return;
    case "try":
      for (const body of smallerBlocks(step.body)) yield { ...step, body };
      if (step.reaction.to !== "swallow") yield { ...step, reaction: { to: "swallow" } };
      return;
    case "finally":
      for (const body of smallerBlocks(step.body)) yield { ...step, body };
      for (const cleanup of smallerBlocks(step.cleanup)) yield { ...step, cleanup };
      return;
    case "defer":
      if (step.cleanup.ms !== Infinity) yield { ...step, cleanup: { ...step.cleanup, ms: Infinity } };
      for (const body of smallerBlocks(step.cleanup.body)) yield { ...step, cleanup: { ...step.cleanup, body } };
      break;
    default:
  }
}

function* smallerOpenings(opening: Opening): Generator<Opening> {
  if (isCombination(opening)) return yield* smallerCombinations(opening);
  yield* plainerRoots(opening);
  for (const body of smallerBlocks(opening.body)) yield { ...opening, body };
}

function plainerRoots(opening: RootOpening): Generator<RootOpening> {
  return opening.kind === "group" ? plainerGroups(opening) : plainerLimits(opening);
}

function* smallerCombinations(opening: Combination): Generator<Opening> {
  const { branches, discard, source } = opening;
  for (const fewer of without(branches)) yield { ...opening, branches: fewer };
  if (discard !== undefined) yield { ...opening, discard: undefined };
  if (opening.concurrency !== undefined) yield { ...opening, concurrency: undefined };
  if (source !== undefined) yield { ...opening, source: undefined };
  if (source?.error !== undefined) yield { ...opening, source: { ...source, error: undefined } };
  for (const plainer of plainerReporters(discard)) yield { ...opening, discard: plainer };
  for (const ms of smallerTimes(source?.ms ?? 0)) yield { ...opening, source: { ...source, ms } };
  for (const [index, branch] of branches.entries()) {
    for (const body of smallerBlocks(branch.body)) yield { ...opening, branches: branches.with(index, { ...branch, body }) };
  }
}

function* plainerReporters(reporter: Reporter | undefined): Generator<Reporter> {
  if (reporter === undefined) return;
  if (reporter.ms > 0) yield { ...reporter, ms: 0 };
  if (reporter.error !== undefined) yield { ...reporter, error: undefined };
}

function* plainerGroups(opening: GroupOpening): Generator<GroupOpening> {
  if (opening.errors !== undefined) yield { ...opening, errors: undefined };
  if (opening.concurrency !== undefined) yield { ...opening, concurrency: undefined };
  if (opening.onError === undefined) return;
  yield { ...opening, onError: undefined };
  for (const onError of plainerReporters(opening.onError)) yield { ...opening, onError };
}

function* plainerLimits(opening: LimitedOpening): Generator<LimitedOpening> {
  if (opening.ms === Infinity) return;
  yield { ...opening, ms: Infinity };
  for (const ms of smallerTimes(opening.ms)) yield { ...opening, ms };
}

function* smallerTimes(ms: number): Generator<number> {
  if (ms > 1) yield 1;
  if (ms > 10) yield 10;
  if (ms > 20) yield Math.ceil(ms / 20) * 10;
  if (ms > 10) yield Math.floor(ms / 10) * 10;
}

