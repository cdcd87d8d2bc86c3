/** Programs as text that a person can read: one step a line, what is inside is indented. */
import {
  type Act,
  type Actor,
  type Block,
  type Combination,
  isCombination,
  type Opening,
  type Program,
  type Reaction,
  type Reporter,
  type Step,
  type TaskSpec,
} from "./program.ts";

export function print(program: Program): string {
  const head = `${describeOpening(program.root)}${program.signal ? ", given a signal" : ""}, watched by ${program.watch}:`;
  return [head, ...printBlock(program.root.body, "  "), ...program.actors.map(printActor)].join("\n");
}

function printActor({ at, acts }: Actor): string {
  return `at ${at}, from outside: ${acts.map(printStep).join("; ")}`;
}

function printBlock(block: Block, indent: string): string[] {
  return block.flatMap((step) => printLines(step).map((line) => indent + line));
}

/** The lines of a step, with what is inside it. */
function printLines(step: Step): string[] {
  const head = printStep(step);
  switch (step.do) {
    case "open":
    case "forget":
      return [`${head}:`, ...printBodies(step.opening)];
    case "together":
      return [head, ...step.openings.flatMap((opening) => [`  ${describeOpening(opening)}:`, ...printBodies(opening).map((line) => `  ${line}`)])];
    case "spawn":
    case "trySpawn":
    case "admit":
    case "start":
      return [`${head}:`, ...printBlock(step.task.body, "  ")];
    case "try":
      return ["try:", ...printBlock(step.body, "  "), `catch: ${printReaction(step.reaction)}`];
    case "finally":
      return ["try:", ...printBlock(step.body, "  "), "finally:", ...printBlock(step.cleanup, "  ")];
    case "defer":
      return [`${head}:`, ...printBlock(step.cleanup.body, "  ")];
    default:
      return [head];
  }
}

function printBodies(opening: Opening): string[] {
  if (!isCombination(opening)) return printBlock(opening.body, "  ");
  return opening.branches.flatMap(({ name, body }) => [`  ${name}:`, ...printBlock(body, "    ")]);
}

/** One step in one line, without what is inside it. */
export function printStep(step: Step): string {
  const where = "in" in step && step.in !== undefined ? ` in ${step.in}` : "";
  switch (step.do) {
    case "cancel":
    case "reschedule":
    case "fulfil":
    case "abort":
      return printAct(step);
    case "sleep":
      return `sleep ${step.ms}${where}`;
    case "deaf":
      return `await a deaf promise for ${step.ms}`;
    case "wait":
      return `wait for ${step.promise}${where}`;
    case "join":
    case "settled":
      return `${step.do} ${step.task}${where}`;
    case "open":
      return `open ${describeOpening(step.opening)}${where}`;
    case "forget":
      return `open and forget ${describeOpening(step.opening)}`;
    case "together":
      return "await Promise.all of";
    case "spawn":
    case "trySpawn":
    case "start":
    case "admit":
      return `${step.do} ${describeTask(step.task)} in ${step.group}${where === "" ? "" : `, obeying${where.slice(3)}`}`;
    case "vacancy":
      return `wait for a vacancy in ${step.group}${where === "" ? "" : `, obeying${where.slice(3)}`}`;
    case "throw":
      return step.what === "kept" ? "throw the kept error" : `throw ${step.what} ${step.error}`;
    case "defer":
      return `defer ${step.cleanup.name}${step.cleanup.ms === Infinity ? "" : `, at most ${step.cleanup.ms}`}${where}`;
    case "forever":
    case "checkpoint":
    case "started":
    case "onCancel":
    case "look":
      return `${step.do}${where}`;
    case "try":
    case "finally":
      return step.do;
  }
}

function printAct(act: Act): string {
  switch (act.do) {
    case "cancel":
      return `cancel ${act.target}${act.reason === undefined ? "" : ` ("${act.reason}")`}`;
    case "reschedule":
      return `reschedule ${act.target} to ${act.ms} from now`;
    case "fulfil":
      return act.error === undefined ? `fulfil ${act.promise}` : `reject ${act.promise} with ${act.error}`;
    case "abort":
      return "abort the signal";
  }
}

function describeOpening(opening: Opening): string {
  if (isCombination(opening)) return describeCombination(opening);
  if (opening.kind !== "group") return `${opening.kind} ${opening.name}${opening.ms === Infinity ? "" : ` of ${opening.ms}`}`;
  const options = [
    opening.errors === undefined ? [] : ['errors: "first"'],
    opening.concurrency === undefined ? [] : [`concurrency ${opening.concurrency}`],
    opening.onError === undefined ? [] : [`onError${describeReporter(opening.onError)}`],
  ].flat();
  return `group ${opening.name}${options.length === 0 ? "" : ` (${options.join(", ")})`}`;
}

function describeCombination({ kind, name, discard, concurrency, source }: Combination): string {
  const options = [
    discard === undefined ? [] : [`discard${describeReporter(discard)}`],
    concurrency === undefined ? [] : [`concurrency ${concurrency}`],
    source?.ms === undefined ? [] : [`an item every ${source.ms}`],
    source?.error === undefined ? [] : [`the source throws ${source.error}`],
  ].flat();
  return `${kind} ${name}${options.length === 0 ? "" : ` (${options.join(", ")})`}`;
}

function describeReporter({ ms, error }: Reporter): string {
  const takes = ms === 0 ? "" : ` takes ${ms}`;
  return `${takes}${error === undefined ? (takes === "" ? " takes no time" : "") : `${takes === "" ? "" : " and"} throws ${error}`}`;
}

function describeTask({ name, daemon }: TaskSpec): string {
  return `${daemon ? "daemon" : "task"} ${name}`;
}

function printReaction(reaction: Reaction): string {
  switch (reaction.to) {
    case "swallow":
      return "go on";
    case "rethrow":
      return "throw it again";
    case "keep":
      return "keep it and go on";
    case "abort":
      return "if it is a cancellation, throw an AbortError with it as the cause";
    case "bareAbort":
      return "if it is a cancellation, throw an AbortError without a cause";
    case "replace":
      return `throw ${reaction.error} instead`;
    case "aggregate":
      return `throw an AggregateError of it and ${reaction.error}`;
    case "suppress":
      return `throw a SuppressedError: ${reaction.error}, which suppresses it`;
  }
}
