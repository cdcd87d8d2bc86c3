import { InvalidArgumentError } from "commander";

/** What runs a program, with its own options: `"bun"`, `"deno run -A"`, in words. */
export function wordsOf(command: string): string[] {
  const words = command.split(" ").filter((word) => word !== "");
  if (words.length === 0) throw new InvalidArgumentError("It is a command.");
  return words;
}
