/** What runs in a program, as plain data: shaped like the thread dumps of Java, containers with what is in them. */

/** A program. */
export interface Dump {
  readonly pid: number | undefined;
  /** `"node 26.10.0"`. */
  readonly runtime: string;
  /** How many scopes and tasks there are; more than are shown where there are very many. */
  readonly total: number;
  readonly roots: readonly DumpEntry[];
  /** Its pools and executors; its channels, queues and limits that have a name. */
  readonly resources?: readonly DumpedResource[];
}

/** What is shared, how much of it there is, and who holds some of it. */
export interface DumpedResource {
  readonly kind: string;
  readonly name: string;
  /** By name: `max`, `lent`, `waiting`, … No limit is -1. */
  readonly figures: Readonly<Record<string, number>>;
  readonly holders: readonly string[];
}

/** A scope or task. */
export interface DumpEntry {
  readonly name: string;
  readonly kind: string;
  readonly state: "running" | "cancelling" | "ending";
  /** Why it is cancelled. */
  readonly cause?: string;
  /** What its function waits for, of the operations of the library. */
  readonly waits: readonly string[];
  readonly children: readonly DumpEntry[];
}

/** As much as is used of a node, whichever version of the library made it. */
interface Shown {
  readonly kind: string;
  readonly name: string;
  readonly thing: { statistics(): object };
  readonly holders: readonly { readonly scope: { readonly name: string } | undefined }[];
}

interface Node {
  readonly name: string;
  readonly kind: string;
  readonly ended: boolean;
  readonly cause: Error | undefined;
  readonly waits: { readonly label?: string } | Set<{ readonly label?: string }> | undefined;
  children(): Node[];
}

/**
 * Makes the dump of the program that it is called in. Its text is sent to other programs and evaluated there, so it uses nothing
 * that is not in it. Without recursion: a tree can be thousands deep.
 */
export function dumpHere(most: number): Dump {
  const global = globalThis as unknown as {
    readonly [key: symbol]: readonly unknown[] | undefined;
    readonly process?: { readonly pid?: number; readonly version?: string; readonly versions?: Readonly<Record<string, string | undefined>> };
  };
  const { pid, version, versions = {} } = global.process ?? {};
  const runtime = versions["bun"] !== undefined ? `bun ${versions["bun"]}` : versions["deno"] !== undefined ? `deno ${versions["deno"]}` : `node ${(version ?? "").slice(1)}`;
  const roots: DumpEntry[] = [];
  const open: { nodes: Node[]; into: DumpEntry[] }[] = [];
  let total = 0;
  for (const forest of (global[Symbol.for("espalier.forests")] ?? []) as readonly Node[]) open.push({ nodes: forest.children(), into: roots });
  for (let level = open.shift(); level !== undefined; level = open.shift()) {
    for (const node of level.nodes) {
      if (++total > most) continue;
      const waits = node.waits === undefined ? [] : node.waits instanceof Set ? [...node.waits] : [node.waits];
      const children: DumpEntry[] = [];
      level.into.push({
        name: node.name,
        kind: node.kind,
        state: node.ended ? "ending" : node.cause === undefined ? "running" : "cancelling",
        ...(node.cause === undefined ? {} : { cause: node.cause.message }),
        waits: waits.map(({ label }) => label ?? "?"),
        children,
      });
      open.push({ nodes: node.children(), into: children });
    }
  }
  const shown = ((global[Symbol.for("espalier.visible")] ?? []) as readonly ((most: number) => Shown[])[]).flatMap((list) => list(1_000));
  const resources = shown.map(({ kind, name, thing, holders }) => ({
    kind,
    name,
    figures: Object.fromEntries(Object.entries(thing.statistics()).flatMap(([key, value]) => (typeof value === "number" ? [[key, value === Infinity ? -1 : value]] : []))),
    holders: holders.flatMap(({ scope }) => (scope === undefined ? [] : [scope.name])),
  }));
  return { pid, runtime, total, roots, resources };
}

/** Says whether a value is a dump: it comes from another program. */
export function isDump(value: unknown): value is Dump {
  const dump = value as Partial<Dump> | null | undefined;
  return typeof dump === "object" && dump !== null && typeof dump.runtime === "string" && typeof dump.total === "number" && Array.isArray(dump.roots);
}
