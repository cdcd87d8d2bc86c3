/** Values and entries of the trace in a few words. */
import { CancelledError, MisuseError, TaskGroupError, TimeoutError } from "espalier";
import type { Entry, Result, WaitStep } from "./trace.ts";

type Later = "discarding" | "discarded" | "asked" | "answered" | "closed" | "listening" | "heard" | "looked" | "unhandled";

export function describe(value: unknown): string {
  if (value instanceof CancelledError) return `cancelled(${value.source} by ${value.by}${value.reason === undefined ? "" : `: ${describe(value.reason)}`})`;
  if (value instanceof TimeoutError) return `timeout(${value.ms})`;
  if (value instanceof MisuseError) return `misuse(${value.code})`;
  if (value instanceof TaskGroupError) return `group[${value.errors.map(describe).join(", ")}]`;
  if (value instanceof AggregateError) return `aggregate[${value.errors.map(describe).join(", ")}]`;
  if (value instanceof SuppressedError) return `suppressed[${describe(value.error)}, which suppresses ${describe(value.suppressed)}]`;
  if (value instanceof Error) return value.name === "Planned" ? value.message : `${value.name}(${value.message})`;
  if (Array.isArray(value)) return `[${value.map(describe).join(", ")}]`;
  if (typeof value === "object" && value !== null) return describeRecord(value);
  return typeof value === "string" ? value : String(value);
}

/** The outcome of a task, or an entry of what `allSettled` gives. */
function describeRecord({ status, value, error, reason }: Partial<Record<"status" | "value" | "error" | "reason", unknown>>): string {
  return `${String(status)}: ${describe(value ?? error ?? reason)}`;
}

export function describeResult(result: Result): string {
  return result.ok ? `gave ${describe(result.value)}` : `threw ${describe(result.error)}`;
}

/** One line for an entry of the trace. */
export function describeEntry(entry: Entry): string {
  return `${String(entry.at).padStart(6)}  #${String(entry.seq).padEnd(4)} ${told(entry)}`;
}

function told(entry: Entry): string {
  switch (entry.is) {
    case "opened":
      return `${entry.scope} is opened${entry.parent === undefined ? "" : ` in ${entry.parent}`}`;
    case "entered":
      return `${entry.scope} begins`;
    case "left":
      return `${entry.scope}'s function ${describeResult(entry.result)}`;
    case "settled":
      return `the call of ${entry.scope} ${describeResult(entry.result)}${entry.attached.map((one) => `, attached: ${describe(one)}`).join("")}`;
    case "spawning":
      return `${entry.how} ${entry.task} in ${entry.group}${entry.caller === undefined ? "" : `, obeying ${entry.caller}`}`;
    case "spawned":
      if (!entry.result.ok) return `spawning ${entry.task} ${describeResult(entry.result)}`;
      return `spawning ${entry.task} gave ${entry.result.value === undefined ? "nothing" : "a task"}`;
    case "started":
      return `${entry.task} calls started()${refusal(entry.refused)}`;
    case "ended":
      return `${entry.task} has ended`;
    case "felt":
      return `${entry.scope} is cancelled: ${describe(entry.cause)}`;
    case "cancelling":
      return `cancel ${entry.scope}${entry.reason === undefined ? "" : ` (${describe(entry.reason)})`}`;
    case "aborting":
      return "the signal aborts";
    case "rescheduled":
      return `the deadline of ${entry.scope} moves to ${entry.deadline}${refusal(entry.refused)}`;
    case "fulfilling":
      return `${entry.promise} ${describeResult(entry.result)}`;
    case "waiting":
      return `wait #${entry.seq} in ${entry.scope} for ${waitedFor(entry.step)}`;
    case "woke":
      return `wait #${entry.wait} ${describeResult(entry.result)}`;
    case "threw":
      return `${describe(entry.error)} is made`;
    case "caught":
      return `the program catches ${describe(entry.error)}`;
    case "deferred":
      return `${entry.cleanup} is deferred in ${entry.scope}${refusal(entry.refused)}`;
    case "reported":
      return `onError of ${entry.group} gets ${describe(entry.error)} of ${entry.task}`;
    case "handled":
      return `onError of ${entry.group} ${describeResult(entry.result)}`;
    default:
      return toldOfCalls(entry);
  }
}

/** What the program's handlers, sources and onlookers were called with. */
function toldOfCalls(entry: Extract<Entry, { readonly is: Later }>): string {
  switch (entry.is) {
    case "discarding":
      return `${entry.call} discards ${describe(entry.value)}`;
    case "discarded":
      return `discarding #${entry.discarding} of ${entry.call} ${describeResult(entry.result)}`;
    case "asked":
      return `${entry.call} asks for an item`;
    case "answered":
      return `the source of ${entry.call} ${describeResult(entry.result)}`;
    case "closed":
      return `${entry.call} closes its source`;
    case "listening":
      return `listener #${entry.seq} on ${entry.scope}${refusal(entry.refused)}`;
    case "heard":
      return `listener #${entry.listener} hears ${describe(entry.cause)}`;
    case "looked":
      return `${entry.scope} says: ${entry.cancelled ? `cancelled, ${describe(entry.reason)}` : "not cancelled"}, deadline ${entry.deadline}`;
    case "unhandled":
      return `unhandled rejection: ${describe(entry.error)}`;
  }
}

function refusal(refused: unknown): string {
  return refused === undefined ? "" : `, refused: ${describe(refused)}`;
}

function waitedFor(step: WaitStep): string {
  switch (step.for) {
    case "time":
      return `${step.ms} ms`;
    case "promise":
      return step.promise;
    case "room":
      return `room in ${step.group}`;
    case "join":
    case "settled":
    case "start":
      return `${step.for} of ${step.task}`;
    default:
      return step.for;
  }
}
