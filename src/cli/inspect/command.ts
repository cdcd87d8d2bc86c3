/** `espalier ps`, `espalier tree`, `espalier dump`: what runs in programs that run already. */
import type { Command } from "commander";
import { dumpOf } from "../../inspect/attach.ts";
import { dumpText } from "../../inspect/dump-text.ts";
import type { Dump } from "../../inspect/dump.ts";
import { programs } from "../../inspect/linux-process.ts";
import { printable } from "../../inspect/printable.ts";
import type { CommandContext } from "../program.ts";
import { type Column, renderTable } from "../table.ts";
import { pidOf, told } from "./pid.ts";

const columns: readonly Column[] = [
  { head: "pid", align: "right" },
  { head: "runtime", align: "left" },
  { head: "tree", align: "left" },
  { head: "command", align: "left" },
];

export function addInspect(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const { output, colours } = terminal;
  program
    .command("ps")
    .description("list the Node.js, Bun and Deno programs of this user, and whether they can be looked into")
    .action(() => {
      const rows = programs().map(({ pid, runtime, takesSignal, command }) => [String(pid), runtime, runtime === "node" && takesSignal ? "yes" : "no", printable(command)]);
      output.write(`${renderTable(columns, rows, colours)}\n`);
    });
  program
    .command("tree")
    .description("show the scopes and tasks of a running program, each with what it waits for")
    .argument("<pid>", "the process id of the program")
    .action((pid: string) =>
      look(pid, context, (dump) => {
        const marks = { name: colours.bold, wait: colours.cyan, bad: colours.yellow, faint: colours.dim };
        output.write(`${dumpText(dump, output.columns ?? Infinity, marks)}\n`);
      }),
    );
  program
    .command("dump")
    .description("write what runs in a program as JSON")
    .argument("<pid>", "the process id of the program")
    .option("--json", "as JSON (the only form there is)")
    .action((pid: string) => look(pid, context, (dump) => void output.write(`${jsonOf(dump)}\n`)));
}

/** What would steer a terminal is escaped: JSON itself does that with some of it. */
function jsonOf(dump: Dump): string {
  return JSON.stringify(dump, undefined, 2).replaceAll(/[\u007f-\u009f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function look(text: string, { run, terminal }: CommandContext, show: (dump: Dump) => void): Promise<void> {
  const pid = pidOf(text);
  const say = (what: string): void => void terminal.errors.write(`${what}\n`);
  return run(async (scope) => void (await dumpOf(pid, scope, { show, say }).catch(told)));
}
