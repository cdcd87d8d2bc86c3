/** `espalier top`: what the tasks of a running program do, as long as one looks; once, where it is piped. */
import type { Command } from "commander";
import { createLogUpdate } from "log-update";
import { type CancelScope, type Scope, sleep } from "espalier";
import { Program } from "../../../inspect/watch/program.ts";
import type { CommandContext } from "../../program.ts";
import type { Terminal } from "../../terminal.ts";
import { Tree } from "../page/model/tree.ts";
import { pidOf, told } from "../pid.ts";
import { overview } from "./overview.ts";

const EVERY_MS = 1_000;
const FIRST_MS = 400;
const LOOK_MS = 50;
/** What does not answer in this time is shown as far as it is known. */
const PATIENCE_MS = 10_000;

export function addTop(program: Command, { terminal, run }: CommandContext): void {
  program
    .command("top")
    .description("show what the tasks of a running program do, as it changes; q ends it; piped, once")
    .argument("<pid>", "the process id of the program")
    .action((text: string) => {
      const pid = pidOf(text);
      return run(async (scope) => {
        const program = new Program();
        // Not in the middle of the picture.
        const said: string[] = [];
        const tree = new Tree(program.picture);
        await scope.moveOnAfter(Infinity, (own) =>
          own.group(
            async (group) => {
              const watching = group.spawn((inner) => program.attach(pid, inner, (text) => said.push(`${text}\n`)).catch(told), { name: "watch" });
              await (terminal.output.isTTY ? showLive(program, tree, terminal, own, group) : showOnce(program, tree, terminal, group));
              watching.cancel();
            },
            { errors: "first", name: "top" },
          ),
        );
        terminal.errors.write(said.join(""));
      });
    });
}

async function showOnce(program: Program, tree: Tree, { output, colours }: Terminal, scope: Scope): Promise<void> {
  await scope.moveOnAfter(PATIENCE_MS, async (limited) => {
    while (program.picture.at === 0 || program.picture.behind > 0) await sleep(LOOK_MS, limited);
    // For the delay of the event loop.
    await sleep(FIRST_MS, limited);
  });
  output.write(`${overview(program, tree, { lines: Infinity, width: output.columns ?? 120 }, colours)}\n`);
}

async function showLive(program: Program, tree: Tree, { output, colours }: Terminal, own: CancelScope, scope: Scope): Promise<void> {
  const update = createLogUpdate(output);
  // A terminal that does not know how large it is says 0.
  const draw = (): void => update(overview(program, tree, { lines: (output.rows || 24) - 1, width: output.columns || 80 }, colours));
  const stop = listenToKeys(() => own.cancel("asked to"));
  try {
    for (let isFirst = true; program.status !== "over"; isFirst = false) {
      draw();
      await sleep(isFirst ? FIRST_MS : EVERY_MS, scope);
    }
    draw();
  } finally {
    update.done();
    stop();
  }
}

/** In a terminal that gives each key at once: q, and Ctrl-C, which is a key then. */
function listenToKeys(end: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const onKey = (key: Buffer): void => {
    if (["q", "Q", "\u0003", "\u0004"].includes(String(key))) end();
  };
  stdin.setRawMode(true);
  stdin.on("data", onKey);
  return () => {
    stdin.off("data", onKey);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
