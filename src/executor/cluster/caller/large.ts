import { FAILED } from "../../wire/messages.ts";
import type { LargeParts } from "../large-parts.ts";
import { partOf } from "../wire/frame.ts";
import type { PartElsewhere } from "../wire/messages.ts";
import type { Errand } from "./errand.ts";
import type { Errands } from "./errands.ts";

/** Calls whose input is too large for a message. */
export class Large {
  readonly #parts: LargeParts;
  readonly #errands: Errands;

  constructor(parts: LargeParts, errands: Errands) {
    this.#parts = parts;
    this.#errands = errands;
  }

  /** Lays its part down elsewhere, and gives what is sent of it then: who takes that takes the other away, so that it is sent once. `undefined`, and the call has failed, if that cannot be. */
  async shrink(errand: Errand): Promise<Uint8Array | undefined> {
    try {
      const name = await this.#parts.put(errand.part, `The input of "${errand.call.work}"`);
      return partOf([errand.id, name] satisfies PartElsewhere);
    } catch (error) {
      this.#errands.end(errand, FAILED, error);
      return undefined;
    }
  }
}
