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
 * Says the usage where `--help` or an option that there is not was typed, which is a failure: nothing else is to be done then.
 * @param {string} url of the tool's file
 * @param {readonly string[]} args
 * @param {readonly string[]} options
 */
export function saysUsage(url, args, options) {
  const unknown = args.find((arg) => arg.startsWith("-") && arg !== "--help" && !options.includes(arg));
  if (unknown !== undefined) {
    console.error(`There is no option ${unknown}.\n\n${usageOf(url)}`);
    process.exitCode = 1;
  } else if (args.includes("--help")) console.log(usageOf(url));
  else return false;
  return true;
}
