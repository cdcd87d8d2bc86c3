/** A product of two matrices of 32×32 numbers, in lists of lists. */
import { timed } from "../timed.mjs";

const size = 32;
const a = Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => ((row * 7 + column * 3) % 11) - 5.5));
const b = Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => ((row * 5 + column * 13) % 7) - 3.5));

function multiply() {
  return a.map((row) => {
    const sums = [];
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += row[k] * b[k][column];
      sums.push(sum);
    }
    return sums;
  });
}

export const ways = { list: () => timed(1, multiply) };
