/** Work of the library in other threads and processes: virtual time stands still while there is any, as for what `external()` registers. */
let calls = 0;

export function callsElsewhere(): number {
  return calls;
}

export function wentElsewhere(): void {
  calls++;
}

export function cameBack(): void {
  calls--;
}
