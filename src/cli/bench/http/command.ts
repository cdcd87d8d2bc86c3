/** `espalier bench http`: its place in the command table. */
import type { Command } from "commander";
import type { CommandContext } from "../../program.ts";
import { benchmark } from "./benchmark.ts";
import { type BenchHttpOptions, addOptions } from "./options.ts";
import { renderReport } from "./report/text.ts";
import { serve } from "./server/serve.ts";

export function addBenchHttp(bench: Command, context: CommandContext): void {
  const http = bench.command("http").description("1,000 GETs of 1 KB at once over real HTTP, written in several ways; then the same with one that fails");
  addOptions(http).action((options: BenchHttpOptions) =>
    context.run(async (scope) => {
      const report = await benchmark(options, context, scope);
      context.terminal.output.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report, context.terminal.colours));
    }),
  );
  // The server's own process. It ends with the pipe to the one that started it, not with a terminal's signal.
  bench.command("serve", { hidden: true }).option("--nginx", "", false).action(serve);
}
