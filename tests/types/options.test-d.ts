/** Every option is also accepted as `undefined`, with `exactOptionalPropertyTypes`: `{ name: maybe }` compiles. */
import { all, allSettled, any, failAfter, map, moveOnAfter, openTaskGroup, race, run, type Scope, type TaskGroup, taskGroup } from "espalier";
import { testClock } from "espalier/testing";
import { expectType } from "./expect-type.ts";

declare const scope: Scope;
declare const group: TaskGroup;
declare const maybe: { name: string | undefined; ms: number | undefined; yes: boolean | undefined; signal: AbortSignal | undefined };

const root = { signal: maybe.signal, clock: undefined, name: maybe.name };
const groupOptions = { name: maybe.name, errors: undefined, onError: undefined, concurrency: maybe.ms };

void taskGroup(() => {}, { ...root, ...groupOptions });
void scope.group(() => {}, groupOptions);
openTaskGroup({ ...root, ...groupOptions });
void failAfter(10, () => {}, root);
void scope.failAfter(10, () => {}, { name: maybe.name });
void moveOnAfter(10, () => {}, { ...root, fallback: undefined });
void scope.moveOnAfter(10, () => {}, { name: maybe.name, fallback: undefined });
void scope.shield(() => {}, { name: maybe.name, timeout: maybe.ms });
scope.defer(() => {}, { timeout: maybe.ms });
void all([], root);
void allSettled([], root);
void race([() => 1], { ...root, discard: undefined });
void any([() => 1], { ...root, discard: undefined });
void scope.race([() => 1], { discard: undefined });
void scope.any([() => 1], { discard: undefined });
void map([1], () => {}, { ...root, concurrency: maybe.ms });
void scope.map([1], () => {}, { concurrency: maybe.ms });
void run(() => {}, { ...root, signals: undefined, grace: maybe.ms });
void run(() => {}, { signals: ["SIGINT", "SIGTERM", "SIGHUP"] });
group.spawn(() => {}, { name: maybe.name, daemon: maybe.yes });
group.trySpawn(() => {}, { name: maybe.name, daemon: maybe.yes });
void group.start(() => {}, scope, { name: maybe.name, daemon: maybe.yes });
testClock({ autojump: maybe.yes });

// … and the options as a whole
void taskGroup(() => {}, undefined);
void scope.group(() => {}, undefined);
void failAfter(10, () => {}, undefined);
void scope.failAfter(10, () => {}, undefined);
void moveOnAfter(10, () => {}, undefined);
void scope.moveOnAfter(10, () => {}, undefined);
void scope.shield(() => {}, undefined);
scope.defer(() => {}, undefined);
void all([], undefined);
void allSettled([], undefined);
void race([() => 1], undefined);
void any([() => 1], undefined);
void scope.race([() => 1], undefined);
void scope.any([() => 1], undefined);
void map([1], () => {}, undefined);
void scope.map([1], () => {}, undefined);
void run(() => {}, undefined);
group.spawn(() => {}, undefined);
group.trySpawn(() => {}, undefined);
void group.start(() => {}, scope, undefined);
openTaskGroup(undefined);
void group.spawn(() => {}).join(undefined);
void group.spawn(() => {}).settled(undefined);

// a fallback that may be missing is part of the type
declare const fallback: string | undefined;
expectType(scope.moveOnAfter(10, () => 42, { fallback })).is<Promise<number | string | undefined>>();

// what is no option does not compile
// @ts-expect-error no such way of throwing
void taskGroup(() => {}, { errors: "last" });
// @ts-expect-error a limit in words
void taskGroup(() => {}, { concurrency: "5" });
// @ts-expect-error the scope with a time limit has no option for it
void scope.failAfter(10, () => {}, { timeout: 5 });
// @ts-expect-error a child scope has the clock of its parent
void scope.group(() => {}, { clock: testClock() });
