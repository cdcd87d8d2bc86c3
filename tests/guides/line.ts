/**
 * What the tables of docs/guide/coming-from-*.md show, as programs that run: a construct of theirs beside ours, each
 * with what it says. A row of a table shows parts of these programs: pages.test.ts holds it to that.
 */
import type { Effect } from "effect";
import { type Cancellable, sleep, type TaskGroup } from "espalier";

/** Whom the pages are for. */
export const guides = ["asyncio", "trio", "anyio", "kotlin", "go", "effect", "p-limit"] as const;
export type Guide = (typeof guides)[number];

/** A word of a program, in the order in which they are said. */
export type Say = (word: unknown) => void;

export interface Tools {
  readonly say: Say;
  /** Takes its time, and says that it is done. */
  work(name: string, ms: number, scope: Cancellable): Promise<string>;
}

/** Ours: in a group, on a test clock unless the line says otherwise. */
export type Ours = (scope: TaskGroup, tools: Tools) => unknown;

/** Theirs, where it says something else than ours; `needs` is the oldest version of the library that it runs on. */
interface Special<P> {
  readonly code: P;
  readonly says?: readonly string[];
  readonly needs?: string;
}
type Of<P> = P | Special<P>;

export interface Line {
  readonly title: string;
  /** None: there is nothing like it here. */
  readonly ours?: Ours;
  readonly says: readonly string[];
  /** In real time: something of it happens outside of the library. */
  readonly real?: boolean;
  /** The body of an asynchronous function, or a whole program that starts the loop itself; run by play.py. */
  readonly asyncio?: Of<string>;
  readonly trio?: Of<string>;
  readonly anyio?: Of<string>;
  readonly effect?: Of<(say: Say) => Effect.Effect<unknown, unknown>>;
  readonly "p-limit"?: Of<(say: Say) => unknown>;
  /** As their documents have it; not run. */
  readonly kotlin?: string;
  readonly go?: string;
}

/** One guide's side of a line. */
export interface Theirs {
  readonly code: string | ((say: Say) => unknown);
  readonly says: readonly string[];
  readonly needs: string | undefined;
}

export function theirsOf(line: Line, guide: Guide): Theirs | undefined {
  const given = line[guide];
  if (given === undefined) return undefined;
  const special: Special<string | ((say: Say) => unknown)> = typeof given === "object" ? given : { code: given };
  return { code: special.code, says: special.says ?? line.says, needs: special.needs };
}

export function toolsOf(say: Say): Tools {
  return {
    say,
    async work(name, ms, scope) {
      await sleep(ms, scope);
      say(`${name} is done`);
      return name;
    },
  };
}
