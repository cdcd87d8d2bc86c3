/** A plausible mistake in the core, as a change of its source. */
export interface Mutant {
  /** The guarantee that it breaks, and whose oracle must find it. */
  readonly guarantee: string;
  /** What the core does then, in a sentence. */
  readonly mistake: string;
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** Below `src/`. */
  readonly file: string;
  /** Must be there exactly once. As short as it can be, so that it survives what is done around it. */
  readonly find: string;
  readonly put: string;
}
