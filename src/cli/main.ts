#!/usr/bin/env node
/** The `espalier` command: its table of commands, and nothing else. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { addBench } from "./bench/command.ts";
import { addCluster } from "./cluster/command.ts";
import { addInspect } from "./inspect/command.ts";
import { addPage } from "./inspect/page-command.ts";
import { addTop } from "./inspect/top/command.ts";
import { addTrace } from "./trace/command.ts";
import { addWorker } from "./worker/command.ts";
import { type AddCommand, execute } from "./program.ts";
import { openTerminal } from "./terminal.ts";

const commands: readonly AddCommand[] = [addBench, addInspect, addPage, addTop, addTrace, addWorker, addCluster];

const { version } = createRequire(import.meta.url)("espalier/package.json") as { version: string };
await execute(commands, process.argv.slice(2), { terminal: openTerminal(), version, entry: fileURLToPath(import.meta.url) });
