/**
 * Codecs in WebAssembly, one set for each thread. They compute for as long as they compute: on the main thread nothing else would
 * happen meanwhile. (A native library such as sharp has threads of its own: call that from the main thread, with a `Semaphore` around it.)
 */
import { readFile } from "node:fs/promises";
import { decode, init as initDecoder } from "@jsquash/png/decode.js";
import encode, { init as initEncoder } from "@jsquash/png/encode.js";
import resize, { initResize } from "@jsquash/resize";
import { perWorker, work } from "espalier/threads";

/** What the codecs take and give: browsers have it, Node.js does not. */
globalThis.ImageData ??= class {
  readonly colorSpace = "srgb";
  readonly data: ImageDataArray;
  readonly width: number;
  readonly height: number;
  constructor(data: ImageDataArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
} as typeof ImageData;

const bytesOf = (specifier: string) => readFile(new URL(import.meta.resolve(specifier)));

/** Loaded by the first work that asks, and there for all that follow. */
const codecs = perWorker(async () => {
  const png = await bytesOf("@jsquash/png/codec/pkg/squoosh_png_bg.wasm");
  await Promise.all([initDecoder(png), initEncoder(png), initResize(await bytesOf("@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm"))]);
  return { decode, encode, resize };
});

/** A picture to begin with. */
export const draw = work(import.meta, "draw", async ({ width, height, seed }: { width: number; height: number; seed: number }, scope) => {
  const { encode } = await codecs.get();
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < pixels.length; at += 4) {
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
    pixels.set([x * seed, y * seed, (x * y) >> 6, 255].map((value) => value & 255), at);
  }
  const png = await encode(new ImageData(pixels, width, height));
  scope.caller.transfer(png);
  return png;
});

/** The same picture, so wide. Both ways its bytes are handed over, not copied. */
export const thumbnail = work(import.meta, "thumbnail", async ({ png, width }: { png: ArrayBuffer; width: number }, scope) => {
  const { decode, encode, resize } = await codecs.get();
  const image = await decode(png);
  scope.throwIfCancelled();
  const small = await resize(image, { width, height: Math.round((image.height * width) / image.width) });
  scope.throwIfCancelled();
  const result = await encode(small);
  scope.caller.transfer(result);
  return { png: result, height: small.height };
});
