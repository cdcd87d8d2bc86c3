/**
 * A WebAssembly module of one function, assembled here: `multiply(from, to)` gives the rows of A·B from one number to another,
 * over a shared memory in which A, B and the product lie one after the other. Sizes are constants of the module.
 *
 *   for i in from..to by 4, for j in 0..size by 4:
 *     eight f64x2 = 0
 *     for k in 0..size: load B[k][j..j+4]; for each of four rows splat A[i+r][k], multiply, add
 *     store them as C[i..i+4][j..j+4]
 */

const i32 = 0x7f;
const v128 = 0x7b;
const bytesEach = 8;

/** @param {number} value @returns {number[]} */
const unsigned = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(Math.floor(value / 128))]);

/** @param {number} value @returns {number[]} */
function signed(value) {
  const low = value & 127;
  const rest = value >> 7;
  return (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0) ? [low] : [low | 128, ...signed(rest)];
}

/** @param {string} text */
const name = (text) => [...unsigned(text.length), ...Buffer.from(text)];
/** @param {number[][]} entries */
const vector = (entries) => [...unsigned(entries.length), ...entries.flat()];
/** @param {number} id @param {number[]} content */
const section = (id, content) => [id, ...unsigned(content.length), ...content];

// Locals: the parameters first.
const [from, to, column, left, pointerA, pointerB, firstVector] = [0, 1, 2, 3, 4, 5, 6];
const low = firstVector;
const high = firstVector + 1;
const factor = firstVector + 2;
/** @param {number} row @param {number} half */
const sum = (row, half) => firstVector + 3 + row * 2 + half;
const rows = [0, 1, 2, 3];

/** @param {number} local */
const get = (local) => [0x20, ...unsigned(local)];
/** @param {number} local */
const set = (local) => [0x21, ...unsigned(local)];
/** @param {number} value */
const constant = (value) => [0x41, ...signed(value)];
const add = [0x6a];
const multiply = [0x6c];
const lessThan = [0x48];
/** @param {number} offset in bytes */
const at = (offset) => [3, ...unsigned(offset)];
/** @param {number} code @param {number[]} [immediate] */
const vectorOp = (code, immediate = []) => [0xfd, ...unsigned(code), ...immediate];
/** @param {number} offset */
const load = (offset) => vectorOp(0x00, at(offset));
/** @param {number} offset */
const loadSplat = (offset) => vectorOp(0x0a, at(offset));
/** @param {number} offset */
const store = (offset) => vectorOp(0x0b, at(offset));
const zeros = vectorOp(0x0c, Array.from({ length: 16 }, () => 0));
const addPairs = vectorOp(0xf0);
const multiplyPairs = vectorOp(0xf2);

/** Repeats `body` until it leaves a zero. @param {number[]} body */
const loop = (body) => [0x03, 0x40, ...body, 0x0d, 0, 0x0b];
/** @param {number} local @param {number} value */
const advance = (local, value) => [...get(local), ...constant(value), ...add, ...set(local)];

/** @param {{ size: number, stride: number }} shape */
function body({ size, stride }) {
  const row = stride * bytesEach;
  const matrix = size * row;
  const inner = loop([
    ...get(pointerB), ...load(matrix), ...set(low),
    ...get(pointerB), ...load(matrix + 16), ...set(high),
    ...rows.flatMap((r) => [
      ...get(pointerA), ...loadSplat(r * row), ...set(factor),
      ...[low, high].flatMap((half, place) => [...get(factor), ...get(half), ...multiplyPairs, ...get(sum(r, place)), ...addPairs, ...set(sum(r, place))]),
    ]),
    ...advance(pointerA, bytesEach),
    ...advance(pointerB, row),
    ...advance(left, -1), ...get(left),
  ]);
  const address = [...get(from), ...constant(row), ...multiply];
  const eachTile = [
    ...rows.flatMap((r) => [...zeros, ...set(sum(r, 0)), ...zeros, ...set(sum(r, 1))]),
    ...address, ...set(pointerA),
    ...get(column), ...constant(bytesEach), ...multiply, ...set(pointerB),
    ...constant(size), ...set(left),
    ...inner,
    ...address, ...get(column), ...constant(bytesEach), ...multiply, ...add, ...set(pointerA),
    ...rows.flatMap((r) => [0, 1].flatMap((half) => [...get(pointerA), ...get(sum(r, half)), ...store(2 * matrix + r * row + half * 16)])),
    ...advance(column, 4), ...get(column), ...constant(size), ...lessThan,
  ];
  return loop([...constant(0), ...set(column), ...loop(eachTile), ...advance(from, 4), ...get(from), ...get(to), ...lessThan]);
}

/**
 * The bytes of the module. `from` and `to` are multiples of 4, and `from` is the smaller one.
 * @param {{ size: number, stride: number, pages: number }} shape
 */
export function assembleProduct(shape) {
  const locals = vector([[...unsigned(4), i32], [...unsigned(3 + 2 * rows.length), v128]]);
  const code = [...locals, ...body(shape), 0x0b];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector([[0x60, ...vector([[i32], [i32]]), 0]])),
    ...section(2, vector([[...name(""), ...name("memory"), 0x02, 0x03, ...unsigned(shape.pages), ...unsigned(shape.pages)]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...name("multiply"), 0x00, 0]])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
}
