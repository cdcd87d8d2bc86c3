/** What the workers of this suite do, as plain functions: pools load this file, whichever they are of. */

/** @typedef {{ size: number, from: number, to: number, memory: SharedArrayBuffer }} Band */
/** @typedef {{ size: number, a: Float64Array, b: Float64Array }} Copies */

/**
 * Rows of a product of two matrices, as one writes it: three loops, with the inner one along the rows.
 *
 * @param {Float64Array} a rows of the first @param {Float64Array} b @param {Float64Array} c @param {number} size
 */
function multiply(a, b, c, size) {
  const rows = a.length / size;
  for (let row = 0; row < rows; row++) {
    const sums = c.subarray(row * size, (row + 1) * size).fill(0);
    for (let k = 0; k < size; k++) {
      const factor = a[row * size + k];
      for (let column = 0; column < size; column++) sums[column] += factor * b[k * size + column];
    }
  }
}

/** The three matrices in shared memory, one after the other. @param {SharedArrayBuffer} memory @param {number} size */
export const matricesIn = (memory, size) => [0, 1, 2].map((place) => new Float64Array(memory, place * size * size * 8, size * size));

/** In shared memory. @param {Band} band */
export function multiplyBand({ size, from, to, memory }) {
  const [a, b, c] = matricesIn(memory, size);
  multiply(a.subarray(from * size, to * size), b, c.subarray(from * size, to * size), size);
}

/** Where no memory is shared: rows of the first and all of the second come in, rows of the product go out. @param {Copies} input */
export function multiplyCopies({ size, a, b }) {
  const c = new Float64Array(a.length);
  multiply(a, b, c, size);
  return c;
}

/**
 * Orders as JSON: who bought for how much, as JSON again. Nothing numeric: text is read, objects are made and grouped, text is written.
 *
 * @param {string} document
 */
export function totals(document) {
  /** @type {{ customer: string, state: string, lines: { article: string, price: number, count: number }[] }[]} */
  const orders = JSON.parse(document);
  /** @type {Map<string, { customer: string, orders: number, total: number, articles: Set<string> }>} */
  const customers = new Map();
  for (const { customer, state, lines } of orders) {
    if (state === "cancelled") continue;
    const known = customers.get(customer) ?? { customer, orders: 0, total: 0, articles: new Set() };
    known.orders++;
    for (const { article, price, count } of lines) {
      known.total += price * count;
      known.articles.add(article);
    }
    customers.set(customer, known);
  }
  const sorted = [...customers.values()].toSorted((a, b) => b.total - a.total || (a.customer < b.customer ? -1 : 1));
  return JSON.stringify(sorted.map(({ articles, ...rest }) => ({ ...rest, articles: [...articles].sort((a, b) => (a < b ? -1 : 1)) })));
}
