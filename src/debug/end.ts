/** The end of the program, where the runtime tells of it. */
import { tellDirectly } from "./report.ts";

type End = "idle" | "exit";

interface Process {
  on?(event: "beforeExit" | "exit", listener: () => void): void;
}

/** Calls `listener` when there is nothing left to do (`"idle"`: once or several times), and when the program exits. */
export function atEnd(listener: (end: End) => void): void {
  const { process } = globalThis as { readonly process?: Process };
  process?.on?.("beforeExit", () => listener("idle"));
  process?.on?.("exit", () => {
    // The runtime's own warnings take a turn, and there is none any more.
    tellDirectly();
    listener("exit");
  });
}
