import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { sorts } from "../model/state.ts";

type Colour = readonly [red: number, green: number, blue: number];

const [light = "", dark = ""] = readFileSync(new URL("../page.css", import.meta.url), "utf8").split("@media (prefers-color-scheme: dark)");

function colour(style: string, name: string): Colour {
  const [, hex] = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(style) ?? [];
  assert.ok(hex !== undefined, name);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Colour;
}

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

/** As WCAG has it. */
function contrast(one: Colour, two: Colour): number {
  const [low, high] = [one, two].map(([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)).sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

/** In OKLab, where equal distances look equal. */
function distance(...colours: readonly [Colour, Colour]): number {
  const [one, two] = colours.map((parts) => {
    const [r, g, b] = parts.map(linear) as [number, number, number];
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
  });
  return Math.hypot(...one!.map((part, at) => part - two![at]!));
}

describe("the colours", () => {
  const names = [...Object.keys(sorts).filter((sort) => sort !== "skipped").map((sort) => `sort-${sort}`), "cancelling"];
  for (const [scheme, style] of Object.entries({ light, dark })) {
    test(`of what is waited for are seen on a line, selected or not, and told apart, in ${scheme}`, () => {
      for (const name of names) {
        for (const ground of ["ground", "selected"]) assert.ok(contrast(colour(style, name), colour(style, ground)) >= 2, `${name} on ${ground}: ${contrast(colour(style, name), colour(style, ground))}`);
        for (const other of names) assert.ok(name === other || distance(colour(style, name), colour(style, other)) >= 0.07, `${name} and ${other}: ${distance(colour(style, name), colour(style, other))}`);
      }
    });
  }
});
