/** `espalier inspect`: a page that shows what runs in a program, while it runs. */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { type Scope, sleepForever } from "espalier";
import { Program } from "../../inspect/watch/program.ts";
import { CommandError } from "../failure.ts";
import type { CommandContext } from "../program.ts";
import { wordsOf } from "../runtime-words.ts";
import { pidOf, told } from "./pid.ts";
import { pageFiles } from "./server/page-files.ts";
import { servePage } from "./server/page-server.ts";
import { runWatched } from "./watched-script.ts";

interface Options {
  readonly runtime: readonly string[];
  readonly debug: boolean;
}

export function addPage(program: Command, context: CommandContext): void {
  program
    .command("inspect")
    .description("show what runs in a program on a page: the tree, a timeline, who waits for whom")
    .argument("<pid|script>", "the process id of a program that runs, or a program to begin")
    .argument("[arguments...]", "what the program is given; after -- also what looks like an option")
    .option("--runtime <command>", "what runs the program, with its own options", wordsOf, [process.execPath])
    .option("--no-debug", "without debug mode: a program that is begun is faster, and does not tell where its tasks were started")
    .action((target: string, args: readonly string[], options: Options) => inspect(target, args, options, context));
}

function inspect(target: string, args: readonly string[], { runtime, debug }: Options, { terminal, run }: CommandContext): Promise<void> {
  const isProcess = /^\d+$/.test(target);
  if (isProcess) pidOf(target);
  else if (!existsSync(target)) throw new CommandError(`There is no program ${target}, and it is no process id.`, "espalier ps lists the programs that run.", { exitCode: 2 });
  const files = pageFiles();
  const say = (text: string): void => void terminal.errors.write(`${text}\n`);
  const watched = new Program();
  const watch = async (scope: Scope): Promise<string> => {
    if (isProcess) {
      await watched.attach(pidOf(target), scope, say).catch(told);
      return `Process ${target} has ended`;
    }
    const { exitCode, signal } = await runWatched(watched, { runtime, file: target, args, debug }, scope);
    return `${target} has ended ${signal === null ? `with code ${exitCode}` : `by ${signal}`}`;
  };
  return run((scope) =>
    scope.group(
      async (group) => {
        const address = await group.start((own, started: (address: string) => void) => servePage(watched, files, started, own), group, { name: "page" });
        say(`${terminal.errorColours.bold(address.started)}\n${terminal.errorColours.dim("Ctrl-C ends the page" + (isProcess ? "; the program goes on" : " and the program"))}`);
        say(terminal.errorColours.dim(`${await watch(group)}. The page stays until Ctrl-C.`));
        await sleepForever(group);
      },
      { errors: "first", name: "inspect" },
    ),
    // A program that was begun has its own.
    isProcess ? {} : { grace: Infinity },
  );
}
