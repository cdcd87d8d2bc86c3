/** `espalier bench …`: measurements that a user can repeat. */
import type { Command } from "commander";
import type { CommandContext } from "../program.ts";
import { addBenchDispatch } from "./dispatch/command.ts";
import { addBenchHttp } from "./http/command.ts";

export function addBench(program: Command, context: CommandContext): void {
  const bench = program.command("bench").description("measure espalier on this machine");
  addBenchHttp(bench, context);
  addBenchDispatch(bench, context);
}
