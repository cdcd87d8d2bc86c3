/** A product of two matrices of 512×512 doubles through a pool: in bands of rows, all called at once, over shared memory or with copies. */
import type { Sample } from "../sample.ts";
import { copiesOf, keepRows, matrices, size, verify } from "./matrix.mjs";
import type { Pool } from "./workload.ts";

export const what = `product of two matrices, ${size}×${size} doubles`;
export const unit = "GFLOP/s";

const rowsOfBand = 32;
/** In one sample, so that it is long enough. */
const products = 4;

/** From ms for one product. */
export const gigaflops = (ms: number): number => (2 * size ** 3) / ms / 1e6;

/** In how many bands, and from where to where. */
function bands(rows: number): { readonly from: number; readonly to: number }[] {
  return Array.from({ length: size / rows }, (_, band) => ({ from: band * rows, to: (band + 1) * rows }));
}

/** A sample in ms for a product, which is looked at once. */
export async function sampling(multiply: () => Promise<unknown>, buffer: ArrayBufferLike): Promise<Sample> {
  await multiply();
  verify(buffer);
  return async () => {
    const began = performance.now();
    for (let n = 0; n < products; n++) await multiply();
    return (performance.now() - began) / products;
  };
}

export function overSharedMemory(pool: Pool, name: "multiplyBand" | "multiplyBandBySimd"): Promise<Sample> {
  const memory = matrices();
  const key = Math.random();
  return sampling(() => pool((run) => Promise.all(bands(rowsOfBand).map((band) => run(name, { ...band, memory, key })))), memory.buffer);
}

/** As `parallelFor` shares the rows out. */
export function inParallel(multiply: (fours: number, memory: WebAssembly.Memory) => Promise<void>): Promise<Sample> {
  const memory = matrices();
  return sampling(() => multiply(size / 4, memory), memory.buffer);
}

/** One band for each worker: the second matrix is sent with each. */
export function withCopies(pool: Pool, workers: number): Promise<Sample> {
  const memory = matrices();
  const inputs = bands(size / workers).map(({ from, to }) => ({ from, input: copiesOf(memory, from, to) }));
  const multiply = (): Promise<unknown> =>
    pool((run) =>
      Promise.all(
        inputs.map(async ({ from, input }) => {
          keepRows(memory, from, (await run("multiplyCopies", input)) as Float64Array);
        }),
      ),
    );
  return sampling(multiply, memory.buffer);
}

