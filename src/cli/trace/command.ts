/** `espalier trace`: runs a program and writes down what happens in it, for Perfetto. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { HEAD } from "../../diagnostics/trace/event.ts";
import { seal } from "../../diagnostics/trace/seal.ts";
import { CommandError } from "../failure.ts";
import type { CommandContext } from "../program.ts";
import { wordsOf } from "../runtime-words.ts";
import { runTraced } from "./run-traced.ts";

interface Options {
  readonly output: string;
  readonly runtime?: readonly string[];
}

export function addTrace(program: Command, { terminal }: CommandContext): void {
  program
    .command("trace")
    .description("run a program and write a trace of its tasks, for https://ui.perfetto.dev")
    .argument("<script>", "the program, as its runtime takes it")
    .argument("[arguments...]", "what the program is given; after -- also what looks like an option")
    .option("-o, --output <file>", "where the trace goes", "trace.json")
    .option("--runtime <command>", 'what runs the program, with its own options: "bun", "deno run -A"; by default this Node.js', wordsOf)
    .action(async (script: string, args: readonly string[], { output, runtime = [process.execPath] }: Options) => {
      const file = resolve(output);
      try {
        await writeFile(file, HEAD);
      } catch (error) {
        throw new CommandError(`The trace cannot be written: ${String(error)}.`, "Choose another file with --output.", { exitCode: 2, cause: error });
      }
      process.exitCode = await runTraced([...runtime, script, ...args], file);
      const { events, unfinished } = seal(file);
      const left = unfinished === 0 ? "" : `, ${unfinished.toLocaleString("en")} of them ends of what had not ended`;
      terminal.errors.write(`${terminal.errorColours.dim(`${output}: ${events.toLocaleString("en")} events${left}. Open it in https://ui.perfetto.dev`)}\n`);
      if (events === 0) throw new CommandError("Nothing was traced.", "Does the program import espalier, of this version?", { exitCode: process.exitCode || 1 });
    });
}
