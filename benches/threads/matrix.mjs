/**
 * The product of two square matrices of doubles in shared memory, a band of rows at a time: in JavaScript, and in a WebAssembly
 * module with SIMD that `simd.mjs` assembles. Both keep a tile of 4×4 sums in registers.
 */
import { assembleProduct } from "./simd.mjs";

export const size = 512;

/** Rows lie a little further apart than they are long: at a power of two the lines of a column would share a place in the cache. */
export const stride = size + 4;

const length = size * stride;
export const bytes = 3 * length * Float64Array.BYTES_PER_ELEMENT;
const page = 65_536;
const pages = Math.ceil(bytes / page);

/** A, B and what becomes A·B, one after the other. @param {ArrayBufferLike} buffer */
const matricesIn = (buffer) => /** @type {const} */ ([0, 1, 2]).map((place) => new Float64Array(buffer, place * length * 8, length));

/** Small whole numbers, so that every order of adding gives the same sums. */
export function matrices() {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const [a, b] = matricesIn(memory.buffer);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      a[row * stride + column] = ((row * 7 + column * 3) % 11) - 5;
      b[row * stride + column] = ((row * 5 + column * 13) % 7) - 3;
    }
  }
  return memory;
}

/** Looks at some of the sums, and forgets all. @param {ArrayBufferLike} buffer */
export function verify(buffer) {
  const [a, b, c] = matricesIn(buffer);
  for (const [row, column] of [[0, 0], [1, 2], [255, 256], [256, 255], [510, 3], [511, 511]]) {
    let expected = 0;
    for (let k = 0; k < size; k++) expected += a[row * stride + k] * b[k * stride + column];
    if (c[row * stride + column] !== expected) throw new Error(`A·B has ${c[row * stride + column]} at ${row}, ${column} where ${expected} belongs`);
  }
  c.fill(NaN);
}

/** Four rows of `c` at a time, from rows of `a`, which begins with the first of them. */
export function multiplyRows(a, b, c, rows) {
  for (let row = 0; row < rows; row += 4) {
    const a0 = row * stride;
    for (let column = 0; column < size; column += 4) {
      tile(a, b, c, a0, column);
    }
  }
}

function tile(a, b, c, a0, column) {
  const a1 = a0 + stride;
  const a2 = a1 + stride;
  const a3 = a2 + stride;
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0;
  let s20 = 0, s21 = 0, s22 = 0, s23 = 0, s30 = 0, s31 = 0, s32 = 0, s33 = 0;
  for (let k = 0, p = column; k < size; k++, p += stride) {
    const b0 = b[p], b1 = b[p + 1], b2 = b[p + 2], b3 = b[p + 3];
    const x0 = a[a0 + k], x1 = a[a1 + k], x2 = a[a2 + k], x3 = a[a3 + k];
    s00 += x0 * b0; s01 += x0 * b1; s02 += x0 * b2; s03 += x0 * b3;
    s10 += x1 * b0; s11 += x1 * b1; s12 += x1 * b2; s13 += x1 * b3;
    s20 += x2 * b0; s21 += x2 * b1; s22 += x2 * b2; s23 += x2 * b3;
    s30 += x3 * b0; s31 += x3 * b1; s32 += x3 * b2; s33 += x3 * b3;
  }
  const at = a0 + column;
  c[at] = s00; c[at + 1] = s01; c[at + 2] = s02; c[at + 3] = s03;
  c[at + stride] = s10; c[at + stride + 1] = s11; c[at + stride + 2] = s12; c[at + stride + 3] = s13;
  c[at + 2 * stride] = s20; c[at + 2 * stride + 1] = s21; c[at + 2 * stride + 2] = s22; c[at + 2 * stride + 3] = s23;
  c[at + 3 * stride] = s30; c[at + 3 * stride + 1] = s31; c[at + 3 * stride + 2] = s32; c[at + 3 * stride + 3] = s33;
}

/** Rows of the product, in shared memory. @param {{ from: number, to: number, memory: WebAssembly.Memory }} band */
export function multiplyBand({ from, to, memory }) {
  const [a, b, c] = matricesIn(memory.buffer);
  multiplyRows(a.subarray(from * stride), b, c.subarray(from * stride), to - from);
}

/** The same where no memory is shared: rows of A and all of B come in, rows of the product go out. @param {{ a: Float64Array, b: Float64Array }} input */
export function multiplyCopies({ a, b }) {
  const c = new Float64Array(a.length);
  multiplyRows(a, b, c, a.length / stride);
  return c;
}

/** @param {WebAssembly.Memory} memory @param {number} from @param {number} to */
export function copiesOf(memory, from, to) {
  const [a, b] = matricesIn(memory.buffer);
  // Slices of shared memory would be shared too: what is sent is a copy in any case.
  return { a: Float64Array.from(a.subarray(from * stride, to * stride)), b: Float64Array.from(b) };
}

/** @param {WebAssembly.Memory} memory @param {number} from @param {Float64Array} rows */
export function keepRows(memory, from, rows) {
  matricesIn(memory.buffer)[2].set(rows, from * stride);
}

/** @type {WebAssembly.Module | undefined} */
let module;
/** The last memory and what is instantiated over it: `memory` is another object in each message, its number stays. @type {{ key: number, multiply: (from: number, to: number) => void } | undefined} */
let instance;

/** The same by SIMD. @param {{ from: number, to: number, memory: WebAssembly.Memory, key: number }} band */
export function multiplyBandBySimd({ from, to, memory, key }) {
  if (instance?.key !== key) {
    module ??= new WebAssembly.Module(assembleProduct({ size, stride, pages }));
    const { exports } = new WebAssembly.Instance(module, { "": { memory } });
    instance = { key, multiply: /** @type {(from: number, to: number) => void} */ (exports["multiply"]) };
  }
  instance.multiply(from, to);
}
