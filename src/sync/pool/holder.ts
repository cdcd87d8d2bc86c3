import { applicationOf, type Lease } from "./lease.ts";

const MOST_NAMED = 10;

/** Who had a resource of a pool when somebody looked. */
export interface ResourceHolder {
  /** The name of the scope in which it was acquired. */
  readonly name: string;
  /** For how long, in ms. */
  readonly heldFor: number;
  /** The stack of its `acquire` or `use`, from the caller on: in debug mode only. */
  readonly stack?: string;
}

/** What an error says of who holds what. */
export function holderOf(lease: Lease<unknown>, now: number): ResourceHolder {
  return { name: lease.holder.name, heldFor: Math.round(now - lease.since), ...stackOf(lease) };
}

/** Where it was acquired, if that is known. */
export function stackOf(lease: Lease<unknown>): { readonly stack?: string } {
  const { trace } = applicationOf(lease);
  return trace === undefined ? {} : { stack: trace.stack };
}

/** `"report" for 10 ms, "import" for 7 ms since /srv/import.ts:12`: the first of them, and how many more. */
export function named(leases: readonly Lease<unknown>[], now: number): string {
  const names = leases.slice(0, MOST_NAMED).map((lease) => {
    const place = applicationOf(lease).trace?.place;
    return `"${lease.holder.name}" for ${Math.round(now - lease.since)} ms${place === undefined ? "" : ` since ${place}`}`;
  });
  if (leases.length > MOST_NAMED) names.push(`${leases.length - MOST_NAMED} others`);
  return names.join(", ");
}
