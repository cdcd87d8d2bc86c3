/** `espalier trace`: runs a program and writes down what happens in it, for Perfetto. */
import { appendFile, constants, copyFile, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { HEAD } from "../../diagnostics/trace/event.ts";
import { seal, type TraceSize } from "../../diagnostics/trace/seal.ts";
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
      const { exitCode, events, unfinished } = await trace([...runtime, script, ...args], file);
      process.exitCode = exitCode;
      const left = unfinished === 0 ? "" : `, ${unfinished.toLocaleString("en")} of them ends of what had not ended`;
      terminal.errors.write(`${terminal.errorColours.dim(`${output}: ${events.toLocaleString("en")} events${left}. Open it in https://ui.perfetto.dev`)}\n`);
      if (events === 0) throw new CommandError("Nothing was traced.", "Does the program import espalier, of this version?", { exitCode: exitCode || 1 });
    });
}

/**
 * It is written beside `file`, which gets what is there when the program has ended: a process that the program has left may go on writing, to what is
 * not there any more.
 */
async function trace(command: readonly string[], file: string): Promise<TraceSize & { readonly exitCode: number }> {
  const part = `${file}.part`;
  try {
    await writeFile(part, HEAD);
    // Whether it can be written, before the program runs.
    await appendFile(file, "");
  } catch (error) {
    await rm(part, { force: true });
    throw new CommandError(`The trace cannot be written: ${String(error)}.`, "Choose another file with --output.", { exitCode: 2, cause: error });
  }
  const exitCode = await runTraced(command, part).catch(async (error: unknown) => {
    await rm(part, { force: true });
    throw error;
  });
  try {
    await copyFile(part, file, constants.COPYFILE_FICLONE);
    const size = seal(file);
    await rm(part, { force: true });
    return { exitCode, ...size };
  } catch (error) {
    throw new CommandError(`The trace cannot be written: ${String(error)}.`, `What was told of the program is in ${part}.`, { exitCode: exitCode || 1, cause: error });
  }
}
