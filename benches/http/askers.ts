/** Who asks: each way of joining by undici, some by the other clients, and Python's. */
import { fileOf } from "../child.ts";
import { versioned } from "../rival.ts";
import { runtimes } from "../runtimes.ts";
import type { Ways } from "../sample.ts";
import { type JavaScriptWay, onPython, onRuntime, type PythonWay, type System } from "../systems.ts";
import { asking } from "./asking.ts";
import type { ClientName } from "./clients.ts";
import { type Join, type JoinName, joins } from "./joins.ts";
import { connections, type Question } from "./question.ts";

const few: readonly JoinName[] = ["Promise.all", "taskGroup"];
const fetching: readonly JoinName[] = ["Promise.all", "Promise.all + abort()", "map, limited"];

const byClient: Readonly<Record<ClientName, readonly JoinName[]>> = {
  "undici request": Object.keys(joins) as JoinName[],
  "undici dispatch": few,
  "node:http": few,
  "node:net": few,
  "fetch": fetching,
};

const wayOf = (client: ClientName, join: JoinName): string => `${client}: ${join}`;

export const ways: Ways<unknown> = Object.fromEntries(
  Object.entries(byClient).flatMap(([client, names]) => names.map((join) => [wayOf(client as ClientName, join), () => asking(client as ClientName, join)])),
);

function inJavaScript(client: ClientName, about: Question, takesPart: (join: Join) => boolean): JavaScriptWay[] {
  const by = client.startsWith("undici") ? client.replace("undici", versioned("undici")) : client;
  return byClient[client].flatMap((name) => {
    const join: Join = joins[name];
    if (!takesPart(join)) return [];
    const system = join.system.endsWith("concurrency") ? `${join.system} ${connections}` : join.system;
    return [{ way: wayOf(client, name), system: name === "p-limit" || name === "p-map" ? `${system}, ${connections} at once` : system, family: join.family, maker: join.maker, by, about }];
  });
}

const program = fileOf("asking.py", import.meta.url);

const inPython: readonly (PythonWay & { readonly fails: boolean })[] = [
  { way: "httpx: gather", system: "asyncio.gather", packages: ["httpx"], fails: true },
  { way: "httpx: gather, return_exceptions", system: "asyncio.gather, return_exceptions", packages: ["httpx"], fails: false },
  { way: "httpx: TaskGroup", system: "asyncio.TaskGroup", packages: ["httpx"], fails: true },
  { way: "httpx: trio", system: "trio nursery", packages: ["httpx", "trio"], fails: true },
  { way: "httpx: anyio", system: "anyio on asyncio", packages: ["httpx", "anyio"], fails: true },
  { way: "httpx: anyio-trio", system: "anyio on trio", packages: ["httpx", "anyio", "trio"], fails: true },
  { way: "aiohttp: gather", system: "asyncio.gather", packages: ["aiohttp"], fails: true },
  { way: "aiohttp: TaskGroup", system: "asyncio.TaskGroup", packages: ["aiohttp"], fails: true },
  { way: "aiohttp: uvloop", system: "asyncio.TaskGroup on uvloop", packages: ["aiohttp", "uvloop"], fails: true },
  { way: "streams: TaskGroup", system: "asyncio.TaskGroup, raw streams", fails: true },
  { way: "streams: uvloop", system: "asyncio.TaskGroup on uvloop, raw streams", packages: ["uvloop"], fails: true },
];

/** All who ask, each asked the same. A way that never fails its caller takes no part where that is what counts. */
export function askers(about: Question): System[] {
  const takesPart = ({ fails, system }: Join): boolean => (about.kind === "failure" ? fails : !system.endsWith("abort()"));
  const elsewhere = runtimes().slice(1);
  return [
    ...(Object.keys(byClient) as ClientName[]).flatMap((client) => onRuntime(inJavaScript(client, about, takesPart))),
    ...elsewhere.flatMap((runtime) => onRuntime(inJavaScript("fetch", about, takesPart), runtime)),
    ...onPython(program, inPython.filter(({ fails }) => fails || about.kind !== "failure").map((way) => ({ ...way, about }))),
  ];
}
