/**
 * The part of node:test that the suites use, for programs that no test runner looks after: bundles have it in the place of
 * "node:test". Tests run one after another, in the order in which they were defined, when `runFile` says so.
 */
import { armUncounted } from "./timers.ts";

export interface Result {
  readonly file: string;
  /** The titles of the suites around, and its own. */
  readonly path: readonly string[];
  readonly outcome: "passed" | "failed" | "skipped";
  readonly ms: number;
  readonly error?: string;
}

type Body = (context: TestContext) => unknown;
interface Options {
  readonly skip?: boolean | string;
  readonly timeout?: number;
  readonly concurrency?: number | boolean;
}

class TestContext {
  readonly name: string;
  skipped = false;
  readonly ends: (() => unknown)[] = [];
  constructor(name: string) {
    this.name = name;
  }
  skip(_reason?: string): void {
    this.skipped = true;
  }
  diagnostic(_message: string): void {}
  after(fn: () => unknown): void {
    this.ends.push(fn);
  }
}

interface Test {
  readonly title: string;
  readonly options: Options;
  readonly body: Body;
}

class Suite {
  readonly title: string;
  readonly options: Options;
  readonly entries: (Suite | Test)[] = [];
  readonly hooks = { before: [] as Body[], after: [] as Body[], beforeEach: [] as Body[], afterEach: [] as Body[] };
  constructor(title: string, options: Options = {}) {
    this.title = title;
    this.options = options;
  }
}

/** Far above any honest test: one that hangs must not keep the others waiting for long. */
const TEST_LIMIT_MS = 120_000;

let around = new Suite("");

type Definer = (...args: [title: string, body: Body] | [title: string, options: Options, body: Body]) => void;

function parted(args: [string, Body] | [string, Options, Body]): [string, Options, Body] {
  return args.length === 2 ? [args[0], {}, args[1]] : args;
}

export const test: Definer = (...args) => {
  const [title, options, body] = parted(args);
  around.entries.push({ title, options, body });
};

export const describe: Definer = (...args) => {
  const [title, options, body] = parted(args);
  const outer = around;
  const suite = new Suite(title, options);
  outer.entries.push(suite);
  around = suite;
  try {
    body(new TestContext(title));
  } finally {
    around = outer;
  }
};

export const it: Definer = test;
export const suite: Definer = describe;
export const before = (body: Body): void => void around.hooks.before.push(body);
export const after = (body: Body): void => void around.hooks.after.push(body);
export const beforeEach = (body: Body): void => void around.hooks.beforeEach.push(body);
export const afterEach = (body: Body): void => void around.hooks.afterEach.push(body);

/** Whoever runs the file: what it leaves out, whom it tells, and how an error reads. */
export interface Runner {
  leavesOut(path: readonly string[]): boolean;
  tell(result: Result): void;
  explain(error: unknown): string;
}

/** What went wrong outside of any promise of the test that runs; it fails that test. */
let onStray: ((error: unknown) => void) | undefined;

/** To be called for errors that reached nobody. */
export function stray(error: unknown): void {
  onStray?.(error);
}

/** Loads a file, which defines its tests, and runs them. */
export async function runFile(file: string, load: () => Promise<unknown>, runner: Runner): Promise<void> {
  const root = (around = new Suite(""));
  const tell = (path: readonly string[], outcome: Result["outcome"], began: number, error?: unknown): void =>
    runner.tell({ file, path, outcome, ms: performance.now() - began, ...(outcome === "failed" ? { error: runner.explain(error) } : {}) });

  async function guarded(path: readonly string[], body: () => unknown): Promise<boolean> {
    const began = performance.now();
    try {
      await limited(body, TEST_LIMIT_MS);
      return true;
    } catch (error) {
      tell(path, "failed", began, error);
      return false;
    }
  }

  async function runTest(test: Test, path: readonly string[], outer: readonly Suite[]): Promise<void> {
    const context = new TestContext(test.title);
    const began = performance.now();
    if (Boolean(test.options.skip) || runner.leavesOut(path)) return tell(path, "skipped", began);
    try {
      await limited(async () => {
        for (const { hooks } of outer) for (const hook of hooks.beforeEach) await hook(context);
        try {
          await test.body(context);
        } finally {
          for (const end of context.ends) await end();
          for (const { hooks } of outer.toReversed()) for (const hook of hooks.afterEach) await hook(context);
        }
      }, test.options.timeout ?? TEST_LIMIT_MS);
      tell(path, context.skipped ? "skipped" : "passed", began);
    } catch (error) {
      tell(path, "failed", began, error);
    }
  }

  async function runSuite(suite: Suite, path: readonly string[], outer: readonly Suite[]): Promise<void> {
    if (Boolean(suite.options.skip) || (path.length > 0 && runner.leavesOut(path))) return tell(path, "skipped", performance.now());
    const context = new TestContext(suite.title);
    const all = [...outer, suite];
    const isReady = await guarded([...path, "before"], async () => {
      for (const hook of suite.hooks.before) await hook(context);
    });
    for (const entry of isReady ? suite.entries : []) {
      await (entry instanceof Suite ? runSuite(entry, [...path, entry.title], all) : runTest(entry, [...path, entry.title], all));
    }
    await guarded([...path, "after"], async () => {
      for (const hook of suite.hooks.after) await hook(context);
    });
  }

  if (await guarded(["its import"], load)) await runSuite(root, [], []);
}

/** Runs `body`; fails when it takes too long, or when an error that reached nobody comes meanwhile. */
function limited(body: () => unknown, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const disarm = armUncounted(() => reject(new Error(`it did not end within ${ms / 1000} s`)), ms);
    onStray = reject;
    const end = (): void => {
      onStray = undefined;
      disarm();
    };
    new Promise((settle) => settle(body())).then(() => resolve(), reject).finally(end);
  });
}
