/** Why nobody takes a call: who is there is asked, and the error says it. */
import { ClusterError } from "../../cluster-error.ts";
import type { Settings } from "../settings.ts";
import type { WorkName } from "../subjects.ts";
import { type About, survey, titleOf } from "../survey.ts";
import type { Transport } from "../transport.ts";

const SURVEY_MS = 250;
const MOST_NAMED = 5;

export async function missing(work: WorkName, { subjects, clock }: Settings, transport: Transport): Promise<ClusterError> {
  const there = (await survey(transport, subjects, clock, SURVEY_MS)).filter(({ kind }) => kind === "worker");
  return reasonFor(work, subjects.speech, there);
}

export function reasonFor(work: WorkName, speech: string, workers: readonly About[]): ClusterError {
  const title = titleOf(work);
  if (workers.length === 0) {
    return new ClusterError("NO_WORKER", `Nobody has taken ${title}: no worker is in this namespace. Start one with the module of the work: espalier worker --nats <url> works.ts.`);
  }
  const understood = workers.filter(({ speaks }) => speaks === speech);
  if (understood.length === 0) {
    const others = [...new Set(workers.map(({ speaks }) => speaks))].join(", ");
    return new ClusterError("VERSION_SKEW", `Nobody has taken ${title}: all ${workers.length} workers speak version ${others} of the messages, and this caller version ${speech}. Use the same version of espalier, and the same engine, on both sides.`);
  }
  const served = understood.flatMap(({ works }) => works);
  const versions = new Set(served.filter(([module, name]) => module === work.module && name === work.name).map(([, , version]) => version ?? "none"));
  if (versions.size > 0) {
    return new ClusterError("VERSION_SKEW", `Nobody has taken ${title}: the workers have version ${[...versions].join(", ")} of it. Start workers with the version that is called; both may run side by side.`);
  }
  const names = [...new Set(served.map(([module, name]) => `${module}#${name}`))];
  const some = names.length === 0 ? "no works at all" : `${names.slice(0, MOST_NAMED).join(", ")}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ""}`;
  return new ClusterError(
    "NO_WORKER",
    `Nobody has taken ${title}: ${understood.length === 1 ? "the worker that is there serves" : `the ${understood.length} workers that are there serve`} ${some}. ` +
      `Give one the module of this work; if it has it, it is called otherwise there: a module is known by its package and its path in it.`,
  );
}
