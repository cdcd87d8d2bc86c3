/**
 * Runs a program in this process's place: same terminal, same input, its exit code becomes ours.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { projectEnvironment, projectNode } from "./project.mjs";

/**
 * Runs a script on the pinned Node.js and gives the exit code: 128 + the signal's number when a signal ended it.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export function handOver(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(projectNode, args, { stdio: "inherit", env: projectEnvironment() });
    // A terminal sends Ctrl-C to the child too; a second one from here would cut its cleanup short.
    const onInterrupt = () => void (process.stdin.isTTY || child.kill("SIGINT"));
    const onTerminate = () => void child.kill("SIGTERM");
    process.on("SIGINT", onInterrupt);
    process.on("SIGTERM", onTerminate);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
