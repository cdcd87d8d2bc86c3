/**
 * What runs in a program, as batches of what has changed: the side that is in the watched program.
 *
 * Its text is sent there and evaluated (`installation.ts`), so it uses nothing that is not in it but its `BOUNDS`, and of the library only what lies on
 * `globalThis`: its forests, what attaches a probe, its pools and channels. It is a probe, and it reads.
 *
 * Invariants
 *   1. What a batch takes of the program is bounded by a count, however much there is: the rest comes later, each thing once with its
 *      newest state.
 *   2. A scope is told of before what is in it.
 *   3. What was never told of and what has changed each get half of a batch, while there is enough of both: neither waits for the other's end.
 *   4. What it keeps is bounded by what is alive and `BOUNDS.untold`: beyond that, what began and ended untold is only counted.
 */
import type { Batch, CauseLink, Change, Outcome, Places, Resource, Step } from "./wire.ts";

/** As much as is used of a node, whichever copy of the library made it. */
interface Node {
  readonly name: string;
  readonly kind: string;
  readonly owner: Node | undefined;
  readonly ended: boolean;
  readonly cause: Error | undefined;
  readonly waits: Wait | Set<Wait> | undefined;
  readonly isCalled?: boolean;
  readonly awaitsTasks?: boolean;
  readonly first: Node | undefined;
  readonly rare: { readonly ownLimit?: { readonly at: number } } | undefined;
  readonly clock: { now(): number };
  children(): Node[];
}

interface Wait {
  readonly label: string;
  readonly scope: Node;
}

/** What is known of a node, and what was told of it. */
interface Entry {
  readonly id: number;
  readonly node: Node;
  readonly openedAt: number;
  readonly isOlder: boolean;
  parent: Entry | undefined;
  isTold: boolean;
  /** What the last step says. */
  label: string;
  steps: Step[];
  skipped: number;
  cancelledAt: number | undefined;
  endedAt: number | undefined;
  outcome: Outcome | undefined;
  error: string | undefined;
}

interface Global {
  readonly [key: symbol]: unknown;
}

type Attach = (probe: object) => Disposable;
type Shown = (most: number) => { kind: string; name: string; thing: { statistics(): object }; holders: readonly { scope: Node | undefined; since: number }[] }[];

/** What bounds it: sent along with its text. */
export const BOUNDS = {
  /** So much goes into a batch. */
  changes: 500,
  /** So many that began and ended untold are kept for later batches. */
  untold: 5_000,
  steps: 8,
  text: 300,
  resources: 100,
  holders: 20,
  resourcesMs: 400,
  causes: 8,
  labels: 4,
  /** As `SKIPPED` of the wire. */
  skipped: "…",
} as const;

export class Collector {
  readonly #entries = new Map<Node, Entry>();
  readonly #alive = new Map<number, Entry>();
  /** Those of which nothing was told yet, and those that have changed since; who has waited for longest first. */
  readonly #untold = new Set<Entry>();
  readonly #changed = new Set<Entry>();
  /** Those whose state can change without a fact: queued tasks, and groups whose body may have returned. */
  readonly #unsettled = new Set<Entry>();
  /** What was there before: nodes to be visited, lists of siblings on a stack. */
  readonly #toVisit: { readonly nodes: readonly Node[]; at: number }[] = [];
  /** What has left while it was still to be visited. */
  #gone = new WeakSet<Node>();
  readonly #causes = new WeakMap<Error, number>();
  #newCauses: (readonly [number, readonly CauseLink[]])[] = [];
  readonly #attached: Disposable[] = [];
  /** A copy of the library was loaded. */
  readonly #onLoaded = (attach: Attach): void => this.#attach(attach);
  #lastId = 0;
  #lastCause = 0;
  #missed = 0;
  #resourcesAt = -Infinity;

  /** Begins to watch all copies of the library that the program has, and those that it loads later. */
  start(): void {
    const forests = this.#global("espalier.forests") as { children(): Node[] }[];
    for (const forest of forests) this.#toVisit.push({ nodes: forest.children(), at: 0 });
    const attachers = this.#global("espalier.probes") as Attach[];
    for (const attach of attachers) this.#attach(attach);
    const listeners = this.#global("espalier.loading") as ((attach: Attach) => void)[];
    // One for all who watch, and an own property in place of the inherited one: no other list is touched.
    if (listeners.length === 0) {
      const push = (...added: Attach[]): number => {
        for (const listener of listeners) added.forEach((attach) => listener(attach));
        return Array.prototype.push.apply(attachers, added);
      };
      Object.defineProperty(attachers, "push", { configurable: true, writable: true, value: push });
    }
    listeners.push(this.#onLoaded);
  }

  stop(): void {
    const listeners = this.#global("espalier.loading");
    const at = listeners.indexOf(this.#onLoaded);
    if (at >= 0) listeners.splice(at, 1);
    if (listeners.length === 0) delete (this.#global("espalier.probes") as { push?: unknown }).push;
    for (const attached of this.#attached) attached[Symbol.dispose]();
    this.#toVisit.length = 0;
    this.#entries.clear();
    this.#alive.clear();
    this.#untold.clear();
    this.#changed.clear();
    this.#unsettled.clear();
  }

  /** The next batch: what has changed, and the places of `wanted`. */
  batch(wanted: readonly number[]): Batch {
    this.#visit();
    this.#settle();
    const changes: Change[] = [];
    this.#tellOf(this.#untold, BOUNDS.changes / 2, changes);
    this.#tellOf(this.#changed, BOUNDS.changes, changes);
    this.#tellOf(this.#untold, BOUNDS.changes, changes);
    const behind = this.#untold.size + this.#changed.size + this.#toVisit.reduce((sum, { nodes, at }) => sum + nodes.length - at, 0);
    const batch: Batch = { at: performance.now(), changes, behind, missed: this.#missed, causes: this.#newCauses };
    this.#newCauses = [];
    this.#missed = 0;
    const resources = this.#resources();
    const places = this.#places(wanted);
    return { ...batch, ...(resources === undefined ? {} : { resources }), ...(places.length === 0 ? {} : { places }) };
  }

  #tellOf(entries: Set<Entry>, most: number, changes: Change[]): void {
    for (const entry of entries) {
      if (changes.length >= most) return;
      this.#tell(entry, changes);
    }
  }

  /** There is something to tell. */
  #mark(entry: Entry): void {
    (entry.isTold ? this.#changed : this.#untold).add(entry);
  }

  #global(name: string): unknown[] {
    const global = globalThis as unknown as Record<symbol, unknown[] | undefined>;
    return (global[Symbol.for(name)] ??= []);
  }

  #attach(attach: Attach): void {
    this.#attached.push(
      attach({
        opened: (node: Node) => void this.#entryOf(node, false),
        parked: ({ scope, label }: Wait) => this.#step(scope, this.#cut(label)),
        unparked: ({ scope }: Wait) => this.#step(scope, scope.waits === undefined ? "" : this.#labelsOf(scope)[0]!),
        cancelled: (node: Node) => {
          const entry = this.#entryOf(node, true);
          entry.cancelledAt = performance.now();
          this.#mark(entry);
        },
        ended: (node: Node, how?: Outcome, error?: unknown) => this.#end(node, how, error),
      }),
    );
  }

  #entryOf(node: Node, isOlder: boolean): Entry {
    const known = this.#entries.get(node);
    if (known !== undefined) return known;
    const { owner } = node;
    const entry: Entry = {
      id: ++this.#lastId,
      node,
      openedAt: performance.now(),
      isOlder,
      parent: owner === undefined ? undefined : this.#entryOf(owner, true),
      isTold: false,
      label: "",
      steps: [],
      skipped: 0,
      cancelledAt: undefined,
      endedAt: undefined,
      outcome: undefined,
      error: undefined,
    };
    this.#entries.set(node, entry);
    this.#alive.set(entry.id, entry);
    this.#untold.add(entry);
    return entry;
  }

  /** Of what has ended no end will be told any more. */
  #isGone(node: Node): boolean {
    return node.ended && !this.#entries.has(node);
  }

  #step(node: Node, label: string): void {
    const { kind } = node as Partial<Node>;
    // What waits in no scope of the tree: an operation of the library itself.
    if (kind === "forest") return;
    const entry = this.#entryOf(node, true);
    this.#note(entry, performance.now(), label);
    this.#mark(entry);
  }

  #note(entry: Entry, at: number, label: string): void {
    if (label === entry.label) return;
    entry.label = label;
    const { steps } = entry;
    const last = steps.length - 1;
    if (last + 1 < BOUNDS.steps) return void steps.push([at, label]);
    // From the last but one on: too much to be told.
    if (entry.skipped++ === 0) steps[last - 1] = [steps[last - 1]![0], BOUNDS.skipped];
    steps[last] = [at, label];
  }

  #end(node: Node, how: Outcome | undefined, error: unknown): void {
    if (this.#toVisit.length > 0) this.#gone.add(node);
    const entry = this.#entries.get(node);
    if (entry === undefined) return;
    this.#entries.delete(node);
    this.#alive.delete(entry.id);
    this.#unsettled.delete(entry);
    entry.endedAt = performance.now();
    entry.outcome = how ?? "succeeded";
    if (how === "failed") entry.error = this.#text(error);
    if (entry.isTold || this.#untold.size < BOUNDS.untold) return this.#mark(entry);
    this.#untold.delete(entry);
    this.#missed++;
  }

  /** Goes on through what was there before anybody watched. */
  #visit(): void {
    for (let left = 2 * BOUNDS.changes; left > 0 && this.#untold.size < BOUNDS.changes; left--) {
      const siblings = this.#toVisit.at(-1);
      if (siblings === undefined) return;
      const node = siblings.nodes[siblings.at++];
      if (siblings.at >= siblings.nodes.length) this.#toVisit.pop();
      if (node === undefined || this.#gone.has(node)) continue;
      this.#entryOf(node, true);
      if (node.first !== undefined) this.#toVisit.push({ nodes: node.children(), at: 0 });
      if (this.#toVisit.length === 0) this.#gone = new WeakSet();
    }
  }

  #settle(): void {
    let left = Math.min(BOUNDS.changes, this.#unsettled.size);
    for (const entry of this.#unsettled) {
      if (left-- <= 0) return;
      this.#unsettled.delete(entry);
      if ((this.#labelsOf(entry.node)[0] ?? "") === entry.label) this.#unsettled.add(entry);
      else this.#mark(entry);
    }
  }

  /** Adds what is new of it, after what it is in. */
  #tell(entry: Entry, changes: Change[]): void {
    const untold = [entry];
    for (let at = this.#moved(entry).parent; at !== undefined && !at.isTold; at = at.parent) untold.unshift(at);
    for (const one of untold) {
      this.#untold.delete(one);
      this.#changed.delete(one);
      changes.push(this.#change(one));
    }
  }

  /** `start` hands a task over from its caller to its group. */
  #moved(entry: Entry): Entry {
    const { owner } = entry.node;
    if (entry.endedAt === undefined && entry.parent?.node !== owner) entry.parent = owner === undefined ? undefined : this.#entryOf(owner, true);
    return entry;
  }

  #change(entry: Entry): Change {
    const { id, node, parent, isTold, endedAt, outcome, error, cancelledAt, skipped } = entry;
    const isAlive = endedAt === undefined;
    const waits = isAlive ? this.#labelsOf(node) : [];
    if (isAlive) this.#note(entry, !isTold && entry.steps.length === 0 ? entry.openedAt : performance.now(), waits[0] ?? "");
    const { steps, label } = entry;
    if (isAlive && (label === "place" || (label === "" && node.awaitsTasks === false))) this.#unsettled.add(entry);
    entry.steps = [];
    entry.skipped = 0;
    entry.isTold = true;
    const now = performance.now();
    const limit = isAlive ? (node.rare?.ownLimit?.at ?? Infinity) : Infinity;
    return {
      id,
      parent: parent?.id ?? 0,
      ...(isTold ? {} : { name: this.#cut(node.name), kind: node.kind, openedAt: entry.openedAt }),
      ...(!isTold && entry.isOlder ? { isOlder: true } : {}),
      waits,
      ...(steps.length > 0 ? { steps } : {}),
      ...(skipped > 0 ? { skipped } : {}),
      ...(node.cause === undefined ? {} : { cause: this.#causeOf(node.cause), cancelledAt: cancelledAt ?? entry.openedAt }),
      ...(limit < Infinity ? { deadline: now + limit - node.clock.now() } : {}),
      ...(isAlive ? {} : { endedAt, outcome: outcome! }),
      ...(error === undefined ? {} : { error }),
    };
  }

  /** What its function waits for: of many equal ones, each once. */
  #labelsOf(node: Node): string[] {
    const { waits } = node;
    if (waits !== undefined) {
      const labels = new Set<string>();
      if (!(waits instanceof Set)) labels.add(waits.label);
      else for (const { label } of waits) if (labels.add(label).size >= BOUNDS.labels) break;
      return [...labels].map((label) => this.#cut(label));
    }
    if (node.isCalled === false) return ["place"];
    return node.awaitsTasks === true && node.first !== undefined ? ["its tasks"] : [];
  }

  #causeOf(cause: Error): number {
    const known = this.#causes.get(cause);
    if (known !== undefined) return known;
    const key = ++this.#lastCause;
    this.#causes.set(cause, key);
    this.#newCauses.push([key, this.#chain(cause)]);
    return key;
  }

  #chain(cause: Error): CauseLink[] {
    const chain: CauseLink[] = [];
    let at: unknown = cause;
    while (typeof at === "object" && at !== null && chain.length < BOUNDS.causes) {
      const { source, by, cause: deeper, errors } = at as { source?: unknown; by?: unknown; cause?: unknown; errors?: readonly unknown[] };
      const about = typeof source === "string" && typeof by === "string" ? { source, by: this.#cut(by) } : {};
      chain.push({ text: this.#text(at), ...about });
      at = deeper ?? errors?.[0];
    }
    return chain;
  }

  #text(error: unknown): string {
    try {
      return this.#cut(error instanceof Error && error.name === "AbortError" ? error.message : String(error));
    } catch {
      return "something that cannot be shown";
    }
  }

  #cut(text: string): string {
    return text.length > BOUNDS.text ? `${text.slice(0, BOUNDS.text - 1)}…` : text;
  }

  #resources(): Resource[] | undefined {
    const now = performance.now();
    if (now - this.#resourcesAt < BOUNDS.resourcesMs) return undefined;
    this.#resourcesAt = now;
    const shown = (this.#global("espalier.visible") as Shown[]).flatMap((list) => list(BOUNDS.resources));
    return shown.slice(0, BOUNDS.resources).map(({ kind, name, thing, holders }) => ({
      kind,
      name: this.#cut(name),
      figures: Object.fromEntries(Object.entries(thing.statistics()).flatMap(([key, value]) => (typeof value === "number" ? [[key, value === Infinity ? -1 : value]] : []))),
      holders: holders.slice(0, BOUNDS.holders).flatMap(({ scope, since }) => (scope === undefined || this.#isGone(scope) ? [] : [{ id: this.#entryOf(scope, true).id, since: now + since - scope.clock.now() }])),
    }));
  }

  #places(wanted: readonly number[]): Places[] {
    const { placesOf } = ((globalThis as unknown as Global)[Symbol.for("espalier.debug")] ?? {}) as { placesOf?: (scope: Node) => Omit<Places, "id"> };
    return wanted.flatMap((id) => {
      const entry = this.#alive.get(id);
      // Without debug mode too: that there are none to be known.
      return entry === undefined ? [] : [{ id, ...placesOf?.(entry.node) }];
    });
  }
}
