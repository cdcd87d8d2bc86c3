/**
 * What goes through the pipe beside the channel of a process, between its pool and its watch thread: the length of the content, two
 * words for the thread, which does not look into the content, and that.
 */

/** The length and the two words. */
const HEADER = 12;

export interface Frame {
  readonly slot: number;
  /** 0 where it is no cancellation. */
  readonly generation: number;
  readonly content: Uint8Array;
}

export function frame({ slot, generation, content }: Frame): Uint8Array {
  const bytes = new Uint8Array(HEADER + content.byteLength);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, content.byteLength);
  header.setUint32(4, slot);
  header.setUint32(8, generation);
  bytes.set(content, HEADER);
  return bytes;
}

/** Puts frames together from what comes through a pipe. */
export class Frames {
  #chunks: Uint8Array[] = [];
  #size = 0;

  *take(chunk: Uint8Array): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#size += chunk.byteLength;
    while (this.#size >= HEADER) {
      const header = this.#first(HEADER);
      const length = new DataView(header.buffer, header.byteOffset).getUint32(0);
      if (this.#size < HEADER + length) return;
      const bytes = this.#first(HEADER + length);
      this.#chunks = bytes.byteLength === HEADER + length ? [] : [bytes.subarray(HEADER + length)];
      this.#size -= HEADER + length;
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      // A copy, which can be handed over without the rest. Not `slice`: that of a Buffer makes none.
      yield { slot: view.getUint32(4), generation: view.getUint32(8), content: new Uint8Array(bytes.subarray(HEADER, HEADER + length)) };
    }
  }

  /** The first chunk, made so long at least. */
  #first(length: number): Uint8Array {
    const [first] = this.#chunks;
    if (first!.byteLength >= length) return first!;
    const joined = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.byteLength;
    }
    this.#chunks = [joined];
    return joined;
  }
}
