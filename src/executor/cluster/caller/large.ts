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

  /** Lays its part down elsewhere; false, and the call has failed, if that cannot be. */
  async shrink(errand: Errand): Promise<boolean> {
    try {
      const name = await this.#parts.put(errand.part, `The input of "${errand.work.name}"`);
      errand.part = partOf([errand.id, name] satisfies PartElsewhere);
      return true;
    } catch (error) {
      this.#errands.end(errand, FAILED, error);
      return false;
    }
  }
}
