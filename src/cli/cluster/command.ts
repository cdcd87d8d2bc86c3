/** `espalier cluster ps`: who is there, and what runs, from the callers' scopes down to the workers. */
import type { Command } from "commander";
import type { CommandContext } from "../program.ts";
import { type ConnectionFlags, connectionOf, forPeople, withConnection } from "./options.ts";
import { surveyText } from "./survey-text.ts";

export function addCluster(program: Command, { terminal: { output, colours }, run }: CommandContext): void {
  const cluster = program.command("cluster").description("look at the callers and workers of a cluster");
  const ps = cluster.command("ps").description("show who is there, and what runs: each call below the scopes that wait for it, with the worker that has it");
  withConnection(ps)
    .option("--json", "as JSON")
    .action(async (flags: ConnectionFlags & { readonly json?: true }) => {
      const connection = await connectionOf(flags);
      const { surveyCluster } = await import("espalier/cluster");
      await run(async (scope) => {
        try {
          const there = await surveyCluster(connection, scope);
          output.write(flags.json === true ? `${JSON.stringify(there, undefined, 2)}\n` : `${surveyText(there, colours)}\n`);
        } catch (error) {
          throw forPeople(error);
        }
      });
    });
}
