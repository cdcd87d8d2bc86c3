/** What a survey of a cluster has given, for people: the workers, then one tree from the callers down. */
import type { About, RunningCall } from "espalier/cluster";
import type { Colours } from "../terminal.ts";

interface Branch {
  readonly branches: Map<string, Branch>;
  readonly calls: RunningCall[];
}

export function surveyText(there: readonly About[], { bold, cyan, dim, yellow }: Colours): string {
  const workers = there.filter(({ kind }) => kind === "worker").toSorted((a, b) => a.label.localeCompare(b.label));
  const callers = there.filter(({ kind }) => kind === "caller").toSorted((a, b) => a.label.localeCompare(b.label));
  const at = new Map(workers.flatMap(({ label, calls }) => calls.map((call) => [keyOf(call), { label, call }] as const)));
  const lines = [`${workers.length} ${workers.length === 1 ? "worker" : "workers"}, ${callers.length} ${callers.length === 1 ? "caller" : "callers"}`];
  for (const { label, size, calls, works } of workers) {
    lines.push(`${bold(label)}  ${calls.length} ${calls.length === 1 ? "call" : "calls"}, ${size} at a time  ${dim(works.map(([module, name, version]) => `${module}#${name}${version === null ? "" : ` v${version}`}`).join(", "))}`);
  }
  const line = (call: RunningCall): string => {
    const worker = at.get(keyOf(call));
    at.delete(keyOf(call));
    const where = worker === undefined ? yellow(call.state === "waiting" ? "no worker has room" : "on its way") : `on ${cyan(worker.label)}`;
    const state = call.state === "cancelling" || worker?.call.state === "cancelling" ? `, ${yellow("being cancelled")}` : "";
    return `work ${call.work}  ${where}${state}, ${seconds(call.ms)}`;
  };
  for (const { label, calls } of callers) {
    lines.push("", bold(label));
    draw(grown(calls), "", line, lines);
  }
  const orphans = [...at.values()];
  if (orphans.length > 0) {
    lines.push("", bold("of callers that did not answer"));
    for (const { label, call } of orphans) lines.push(`  work ${call.work}  on ${cyan(label)}, ${seconds(call.ms)}`);
  }
  return lines.join("\n");
}

function keyOf({ caller, id }: RunningCall): string {
  return `${caller} ${id}`;
}

function grown(calls: readonly RunningCall[]): Branch {
  const root: Branch = { branches: new Map(), calls: [] };
  for (const call of calls) {
    let branch = root;
    for (const name of call.path ?? []) {
      let next = branch.branches.get(name);
      if (next === undefined) branch.branches.set(name, (next = { branches: new Map(), calls: [] }));
      branch = next;
    }
    branch.calls.push(call);
  }
  return root;
}

function draw({ branches, calls }: Branch, indent: string, line: (call: RunningCall) => string, into: string[]): void {
  const parts = [...[...branches].map(([name, branch]) => ({ text: name, branch })), ...calls.map((call) => ({ text: line(call), branch: undefined }))];
  for (const [index, { text, branch }] of parts.entries()) {
    const isLast = index === parts.length - 1;
    into.push(`${indent}${isLast ? "└─" : "├─"} ${text}`);
    if (branch !== undefined) draw(branch, `${indent}${isLast ? "   " : "│  "}`, line, into);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
