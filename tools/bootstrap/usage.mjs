/** What may be typed to a tool: the comment that its file begins with says it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The usage that a tool's file begins with.
 * @param {string} url of the file
 */
export function usageOf(url) {
  const [, comment = ""] = /\/\*\*\n(.*?)\n ?\*\//s.exec(readFileSync(fileURLToPath(url), "utf8")) ?? [];
  return comment.replaceAll(/^ \* ?/gm, "");
}

/**
 * Prints the usage and gives true where `--help` was typed; refuses options that there are not.
 * @param {string} url of the tool's file
 * @param {readonly string[]} args
 * @param {readonly string[]} options
 */
export function wasHelped(url, args, options) {
  if (args.includes("--help")) {
    console.log(usageOf(url));
    return true;
  }
  const unknown = args.find((arg) => arg.startsWith("-") && !options.includes(arg));
  if (unknown !== undefined) throw new Error(`There is no option ${unknown}.\n\n${usageOf(url)}`);
  return false;
}
