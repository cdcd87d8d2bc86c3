/** The failures of a pool itself. */
import { travellingIn } from "../../context/travelling.ts";
import { describe } from "../../errors/brand.ts";
import { MisuseError } from "../../errors/misuse.ts";
import { warn } from "../../host/warn.ts";
import { NotCloneableError } from "../not-cloneable-error.ts";
import { type Clone, notCloneable, pathOfUncloneable } from "../wire/uncloneable.ts";
import { WorkerDiedError, type WorkerDiedCode } from "../worker-died-error.ts";
import type { Call } from "./call.ts";
import type { Death } from "./carrier.ts";
import type { Lane } from "./lane.ts";
import type { Plan } from "./plan.ts";

/** Of what a worker was doing when it ended. */
export function diedOf(code: WorkerDiedCode, label: string, { exit, error }: Death): WorkerDiedError {
  const options = error === undefined ? undefined : { cause: error };
  if (code === "WORKER_NOT_STARTED") {
    const why = error === undefined ? `it ended with ${exitOf(exit)} before it took its first call` : describe(error);
    return new WorkerDiedError(code, `${label} could not be started: ${why}.`, exit, options);
  }
  const why =
    error === undefined
      ? `It ended with ${exitOf(exit)}: something called process.exit, the runtime crashed, or the system ended it.`
      : `It ended because of an error that nothing caught there: ${describe(error)}.`;
  return new WorkerDiedError(code, `${label} died while it ran this. ${why} What it had not begun runs elsewhere.`, exit, options);
}

function exitOf(exit: Death["exit"]): string {
  if (exit === undefined) return "no word";
  return typeof exit === "string" ? `signal ${exit}` : `exit code ${exit}`;
}

/** Of a call that comes too late. */
export function closed(pool: string, work: string): MisuseError {
  return new MisuseError("EXECUTOR_CLOSED", `"${work}" was called on ${pool}, which has been closed. Open the executor further out than everything that uses it.`);
}

/** Of a call by a module that was imported for its works, and does more than to declare them. */
export function calledAtImport(pool: string, work: string): MisuseError {
  return new MisuseError(
    "CALLED_AT_IMPORT",
    `"${work}" was called on ${pool} by a worker in which no work runs: a program runs there that was only to be imported. The module of a work is imported in each worker, with ` +
      `all that it does: else each worker would start workers for ever. Keep works in a module of their own, or ask in it whether it is the program: if (import.meta.main) { … }.`,
  );
}

/** Of an input, or what goes along with it, that cannot be sent. */
export function notSendable(call: Call, error: unknown, clone: Clone | undefined): NotCloneableError {
  const { work } = call;
  for (const [name, value] of travellingIn(call.scope) ?? []) {
    const part = pathOfUncloneable(value, name, clone);
    if (part === undefined) continue;
    const message =
      `The context variable "${name}" cannot go along with the work "${work}" to another thread or process: ${part.path} is ${part.what}. ` +
      `Give it a value of plain data, or declare it without travels: true, and it stays where it is.`;
    return new NotCloneableError(part.path, message, { cause: error });
  }
  return notCloneable(call.input, "input", work, error, clone);
}

/** The failure of a call whose caller is gone. */
export function lateFailure(error: unknown, call: Call, plan: Plan): void {
  const { work } = call;
  tell(error, work, plan, `The work "${work}" failed in ${plan.name} after its call had been abandoned`);
}

/** Of a worker that died of an error while it ran nothing: what a work left behind, or the disposal of what it had. */
export function tellDeath(how: Death, { carrier: { label }, wasEnded }: Lane, plan: Plan): void {
  const error = wasEnded ? how.error : diedOf("WORKER_DIED", label, how);
  tell(error, plan.name, plan, `${label} of ${plan.name} died ${wasEnded ? "when it was closed" : "while it ran nothing"}`, how.error);
}

/** What reaches no caller goes to onError, and what becomes of that reaches nobody at all. */
function tell(error: unknown, about: string, { name, onError }: Plan, what: string, cause: unknown = error): void {
  const failed = (failure: unknown): void => warn(`The onError of ${name} failed: ${describe(failure)}.`);
  if (onError === undefined) return warn(`${what}: ${describe(cause)}. Give the executor an onError to be told.`);
  try {
    // It may be asynchronous.
    void Promise.resolve(onError(error, about) as unknown).catch(failed);
  } catch (failure) {
    failed(failure);
  }
}
