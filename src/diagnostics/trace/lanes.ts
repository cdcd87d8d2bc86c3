/**
 * Where in a trace something is shown. A lane is a line of things that began and ended within one another; what overlaps has lanes of its own.
 *
 * Invariants
 *   1. What is on a lane ends in the reverse order of its beginning: it lies in what was the last on the lane, and belongs to that, which ends after it.
 *   2. A lane is used by one task, or one root, and by what belongs to that. Its id is never used again.
 */
export interface Place {
  readonly lane: Lane;
  /** What it lies in. */
  readonly within: Place | undefined;
}

interface Lane {
  readonly id: number;
  last: Place | undefined;
}

let lanes = 0;

/** A lane of its own. */
export function begin(): Place {
  return put({ id: ++lanes, last: undefined });
}

/** In what it belongs to, if that is the last thing on its lane; else a lane of its own. */
export function beginIn(owner: Place | undefined): Place {
  return owner !== undefined && owner.lane.last === owner ? put(owner.lane) : begin();
}

export function end({ lane, within }: Place): void {
  lane.last = within;
}

function put(lane: Lane): Place {
  const place = { lane, within: lane.last };
  lane.last = place;
  return place;
}
