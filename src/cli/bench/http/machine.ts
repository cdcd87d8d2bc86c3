/** Where the figures come from: without it they mean nothing to anybody else. */
import { availableParallelism, cpus, loadavg, platform, release } from "node:os";

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  readonly runtime: string;
  /** Processes that wanted to run in the last minute, before the benchmark began; zeros on Windows. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const [firstCpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: firstCpu?.model.trim() || process.arch,
    cores: availableParallelism(),
    system: `${platform()} ${release()}`,
    runtime: runtime(),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

function runtime(): string {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) return `Bun ${bun}`;
  if (deno !== undefined) return `Deno ${deno}`;
  return `Node.js ${node}`;
}
