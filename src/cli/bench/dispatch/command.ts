/** `espalier bench dispatch`: its place in the command table. */
import { type Command, Option } from "commander";
import type { CommandContext } from "../../program.ts";
import { wholeNumber } from "../http/options.ts";
import { benchmark, type DispatchOptions } from "./benchmark.ts";
import { renderDispatch } from "./text.ts";

export function addBenchDispatch(bench: Command, context: CommandContext): void {
  bench
    .command("dispatch")
    .description("10,000 tasks started together and waited for, beside Promise.all, effect and effection where they are installed")
    .addOption(new Option("--tasks <n>", "tasks of a round").default(10_000).argParser(wholeNumber("--tasks", 1, 1_000_000)))
    .addOption(new Option("--rounds <n>", "measured rounds").default(30).argParser(wholeNumber("--rounds", 1, 1_000)))
    .option("--json", "print the figures as JSON", false)
    .action((options: DispatchOptions) =>
      context.run(async (scope) => {
        const report = await benchmark(options, context, scope);
        context.terminal.output.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderDispatch(report, context.terminal.colours));
      }),
    );
}
