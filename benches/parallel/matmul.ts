/** A product of two matrices of doubles, in bands of rows. */
import { guideParallel } from "../guide.ts";
import { quick } from "../measure.ts";
import type { Row } from "../row.ts";
import type { Ways } from "../sample.ts";
import { type Amount, type Piece, rowOf, waysOf } from "./contest.ts";
import { matricesIn } from "./functions.mjs";
import type { Call, Pool } from "./pools.ts";

const size = quick ? 32 : 384;
/** Of `parallel.py`. */
const pythonSize = 160;
const bands = 16;
const rows = size / bands;

function matrices(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(3 * size * size * 8);
  const [a, b] = matricesIn(memory, size) as [Float64Array, Float64Array];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      a[row * size + column] = ((row * 7 + column * 3) % 11) - 5;
      b[row * size + column] = ((row * 5 + column * 13) % 7) - 3;
    }
  }
  return memory;
}

/** Whole numbers, so that every order of adding gives the same sum. */
function verify(memory: SharedArrayBuffer): void {
  const [a, b, c] = matricesIn(memory, size) as [Float64Array, Float64Array, Float64Array];
  for (const [row, column] of [[0, 0], [1, 2], [size - 1, size - 1]] as const) {
    let expected = 0;
    for (let k = 0; k < size; k++) expected += a[row * size + k]! * b[k * size + column]!;
    if (c[row * size + column] !== expected) throw new Error(`the product has ${c[row * size + column]} at ${row}, ${column} where ${expected} belongs`);
  }
}

/** One call for each band; its rows are written where they belong. */
function shared(call: Call, memory: SharedArrayBuffer): Promise<unknown> {
  return Promise.all(Array.from({ length: bands }, (_, band) => call("multiplyBand", { size, from: band * rows, to: (band + 1) * rows, memory })));
}

/** One call for each worker, with its rows and the whole second matrix; the rows come back. */
function copied(call: Call, memory: SharedArrayBuffer, workers: number): Promise<unknown> {
  const [a, b, c] = matricesIn(memory, size) as [Float64Array, Float64Array, Float64Array];
  const cuts = Array.from({ length: workers + 1 }, (_, cut) => Math.round((cut * size) / workers) * size);
  const one = async (from: number, to: number): Promise<void> => c.set((await call("multiplyCopies", { size, a: a.slice(from, to), b: Float64Array.from(b) })) as Float64Array, from);
  return Promise.all(Array.from({ length: workers }, (_, worker) => one(cuts[worker]!, cuts[worker + 1]!)));
}

const piece: Piece = {
  name: "matmul",
  board: {
    board: "A product of matrices",
    about: `Of ${size}×${size} doubles (in Python ${pythonSize}×${pythonSize}, without numpy), three loops as one writes them, in ${bands} bands. Threads share the matrices; to processes they are copied.`,
  },
  amount: { javaScript: size ** 3 / 1e6, python: pythonSize ** 3 / 1e6, unit: "million multiplications/s" },
  async prepare(pool: Pool, shares, workers) {
    const memory = matrices();
    const once = (): Promise<unknown> => pool((call) => (shares ? shared(call, memory) : copied(call, memory, workers)));
    await once();
    verify(memory);
    return async () => void (await once());
  },
  notes: ["What the guide multiplied, it does not say. Its figures are of another machine with 16 cores, beside one thread with the lock."],
  beside: guideParallel,
};

export const ways: Ways<Amount> = waysOf(piece);

export const row: Row = rowOf(import.meta.url, piece);
