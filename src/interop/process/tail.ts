/** The last bytes of what came, and no more. */
export class Tail {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #size = 0;
  isTruncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#size += chunk.byteLength;
    // A chunk goes when the rest is enough without it.
    while (this.#chunks.length > 0 && this.#size - this.#chunks[0]!.byteLength >= this.#limit) {
      if (this.#size > this.#limit) this.isTruncated = true;
      this.#size -= this.#chunks.shift()!.byteLength;
    }
    if (this.#size > this.#limit) this.isTruncated = true;
  }

  text(): string {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.byteLength - this.#limit)).toString("utf8");
  }
}
