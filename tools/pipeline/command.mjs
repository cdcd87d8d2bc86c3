/**
 * Runs one command of a step: its output is kept, it cannot wait for input, it cannot hang for ever, and nothing that it
 * started outlives it or us.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectEnvironment, projectNode, root } from "../bootstrap/project.mjs";

/** @typedef {{ ok: boolean, output: string }} CommandResult */
/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

const grouped = process.platform !== "win32";
/** How long a command that was told to stop may take to say what it was doing. */
const lastWordsMs = 5_000;

/** Where Node.js keeps what it has compiled. The tests start thousands of programs and workers that load the same sources: without it they take half as long again. */
export const compiled = join(root, ".cache", "compiled");

/** @type {Set<ChildProcess>} */
const running = new Set();

/**
 * Signals a command and all that it started: each runs in a process group of its own.
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalAll(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (grouped) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It is gone already.
  }
}

function killRunning() {
  for (const child of running) signalAll(child, "SIGKILL");
}
process.on("exit", killRunning);
for (const [signal, code] of /** @type {const} */ ([["SIGINT", 130], ["SIGTERM", 143]])) process.once(signal, () => process.exit(code));

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ limit?: number, stop?: AbortSignal, environment?: Record<string, string | undefined>, folder?: string }} [options]
 *   the command is stopped, and has failed, after `limit` ms or when `stop` is aborted
 * @returns {Promise<CommandResult>}
 */
export function runCommand(program, args, { limit = 2_700_000, stop, environment = {}, folder = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...projectEnvironment(), NODE_COMPILE_CACHE: compiled, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: grouped,
    });
    running.add(child);
    /** @type {string[]} */
    const pieces = [];
    const take = (/** @type {string} */ piece) => void pieces.push(piece);
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    let stopped = false;
    /** @type {NodeJS.Timeout} */
    let timer;
    const halt = () => {
      stopped = true;
      clearTimeout(timer);
      // First the command alone: Node's test runner then says which tests had not ended.
      child.kill("SIGTERM");
      timer = setTimeout(() => signalAll(child, "SIGKILL"), lastWordsMs);
    };
    timer = setTimeout(halt, limit);
    stop?.addEventListener("abort", halt, { once: true });
    const end = (/** @type {boolean} */ ok) => {
      clearTimeout(timer);
      stop?.removeEventListener("abort", halt);
      running.delete(child);
      if (stopped) take(`\nStopped: it did not end within ${limit / 1000} s.\n`);
      // What it left behind ends with it.
      signalAll(child, "SIGKILL");
      resolve({ ok: ok && !stopped, output: pieces.join("") });
    };
    child.on("error", (error) => {
      take(`${program} could not be started: ${error.message}\n`);
      end(false);
    });
    child.on("exit", () => {
      // A process that it left behind may hold the pipes open.
      if (stopped) signalAll(child, "SIGKILL");
    });
    child.on("close", (code, signal) => {
      if (signal !== null && !stopped) take(`\nIt was ended by ${signal}.\n`);
      end(code === 0);
    });
  });
}

/**
 * Runs a script on the pinned Node.js.
 * @param {readonly string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 */
export function runNode(args, options) {
  return runCommand(projectNode, args, options);
}
