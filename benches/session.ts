/** A run of suites: one row after the other, with a look at the machine before, between and after them. */
import { describeMachine } from "../src/cli/bench/http/machine.ts";
import type { Progress } from "../src/cli/progress.ts";
import { spinAllCores } from "./cores.ts";
import { quick, watchRounds } from "./measure.ts";
import type { Report, RowNoise } from "./report/report.ts";
import { takeCompared } from "./revision.ts";
import type { Finding, Row } from "./row.ts";
import { watchMachine } from "./spin.ts";
import type { Suite } from "./suites.ts";

export interface Session {
  readonly suites: ReadonlyMap<string, Suite>;
  readonly espalier: string;
  readonly clock: "wall" | "cpu";
  readonly base: string | undefined;
  readonly progress: Progress;
}

export async function* measureSuites(session: Session): AsyncGenerator<Report> {
  let before = 0;
  for (const [suite, { about, rows }] of session.suites) {
    if (rows.length === 0) continue;
    const machine = describeMachine();
    const findings: Finding[] = [];
    const noise: Record<string, RowNoise> = {};
    const compared = [];
    await spinAllCores();
    for (const name of rows) {
      session.progress.at(before, suite, name);
      const tell = (part: number, detail: string): void => session.progress.at(before + part, suite, `${name} · ${detail}`);
      const watch = watchMachine();
      findings.push(...(await measureRow(suite, name, tell)));
      noise[name] = { ...watch.end(), cores: await spinAllCores() };
      compared.push(...takeCompared());
      before++;
    }
    const { espalier, clock, base } = session;
    yield { suite, about, espalier, clock, quick, machine, findings, noise, ...(base === undefined ? {} : { base, compared }) };
  }
}

/** A row that cannot be measured costs the others nothing. */
async function measureRow(suite: string, name: string, tell: (part: number, detail: string) => void): Promise<readonly Finding[]> {
  try {
    const { row } = (await import(`./${suite}/${name}.ts`)) as { readonly row: Row };
    const { parts = 1 } = row;
    let begun = 0;
    let farthest = 0;
    watchRounds((round, rounds) => {
      if (round === 0) begun++;
      // It never goes back, also where there are more parts than were told.
      farthest = Math.max(farthest, (Math.min(begun, parts) - 1 + round / rounds) / parts);
      tell(farthest, `round ${round + 1} of ${rounds}`);
    });
    return await row.measure();
  } catch (error) {
    process.exitCode = 1;
    console.error(error);
    return [{ what: name, missing: "failed: see standard error" }];
  }
}
