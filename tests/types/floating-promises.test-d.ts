/**
 * What a linter says of calls that nobody awaits. Each line that it must find is marked `oxlint-disable`; run.mjs
 * compares the marks with what it finds, so that a finding too many and one too few are both failures.
 */
import { all, failAfter, map, moveOnAfter, openTaskGroup, race, run, type Scope, sleep, type TaskFunction, type TaskGroup, taskGroup } from "espalier";

export function starts(group: TaskGroup, f: TaskFunction<number>): void {
  // The group waits for a task: its handle may be dropped.
  group.spawn(f);
  group.spawn(f, { daemon: true });
  group.trySpawn(f);
  group.cancel();
  group.reschedule(0);
  group.defer(f);
  group.onCancel(() => {});
  openTaskGroup();
}

export function forgets(group: TaskGroup, scope: Scope, f: TaskFunction<number>): void {
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.group(() => {});
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.failAfter(10, f);
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.moveOnAfter(10, f);
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.shield(f);
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.all([f]);
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.race([f]);
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.map([1], () => {});
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.checkpoint();
  // oxlint-disable-next-line typescript/no-floating-promises
  scope.wait(Promise.resolve());
  // oxlint-disable-next-line typescript/no-floating-promises
  group.start(f, scope);
  // oxlint-disable-next-line typescript/no-floating-promises
  group.vacancy(scope);
  // oxlint-disable-next-line typescript/no-floating-promises
  group.spawn(f).join(scope);
  // oxlint-disable-next-line typescript/no-floating-promises
  group.spawn(f).settled(scope);
  // oxlint-disable-next-line typescript/no-floating-promises
  sleep(10, scope);
  // oxlint-disable-next-line typescript/no-floating-promises
  taskGroup(() => {});
  // oxlint-disable-next-line typescript/no-floating-promises
  failAfter(10, f);
  // oxlint-disable-next-line typescript/no-floating-promises
  moveOnAfter(10, f);
  // oxlint-disable-next-line typescript/no-floating-promises
  all([f]);
  // oxlint-disable-next-line typescript/no-floating-promises
  race([f]);
  // oxlint-disable-next-line typescript/no-floating-promises
  map([1], () => {});
  // oxlint-disable-next-line typescript/no-floating-promises
  run(f);
}
