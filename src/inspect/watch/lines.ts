const NEWLINE = 0x0a;

/** Text that comes in pieces, by lines. These end with "\n" and with nothing else: JSON may have U+2028 in it, at which `readline` ends one. */
export class Lines {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that are whole with this piece. Throws a RangeError when one gets longer than `longest` bytes. */
  *add(piece: Buffer): Generator<string, void> {
    let begin = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, begin)) {
      const line = Buffer.concat([...this.#parts, piece.subarray(begin, end)]);
      this.#parts = [];
      this.#length = 0;
      begin = end + 1;
      yield line.toString();
    }
    const rest = piece.subarray(begin);
    this.#length += rest.length;
    if (this.#length > this.#longest) throw new RangeError(`A line is longer than ${this.#longest} bytes.`);
    if (rest.length > 0) this.#parts.push(rest);
  }
}
