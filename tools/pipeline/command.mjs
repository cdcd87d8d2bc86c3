/**
 * Runs one command of a step: its output is kept, it cannot wait for input, and it cannot hang for ever.
 */
import { spawn } from "node:child_process";
import { projectEnvironment, projectNode, root } from "../bootstrap/project.mjs";

/** @typedef {{ ok: boolean, output: string }} CommandResult */

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ limit?: number, echo?: boolean, environment?: Record<string, string | undefined>, folder?: string }} [options]
 *   limit: ms after which the command is killed and has failed; echo: show the output as it comes
 * @returns {Promise<CommandResult>}
 */
export function runCommand(program, args, { limit = 900_000, echo = false, environment = {}, folder = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...projectEnvironment(), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    /** @type {string[]} */
    const pieces = [];
    const take = (/** @type {string} */ piece) => {
      pieces.push(piece);
      if (echo) process.stdout.write(piece);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    const timer = setTimeout(() => {
      take(`\nStopped after ${limit / 1000} s: it did not end.\n`);
      child.kill("SIGKILL");
    }, limit);
    const end = (/** @type {boolean} */ ok) => {
      clearTimeout(timer);
      resolve({ ok, output: pieces.join("") });
    };
    child.on("error", (error) => {
      take(`${program} could not be started: ${error.message}\n`);
      end(false);
    });
    child.on("close", (code) => end(code === 0));
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
