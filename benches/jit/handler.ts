/** A handler of HTTP requests. */
import { fileOf } from "../child.ts";
import type { Row } from "../row.ts";
import { rowOf } from "./tiers.ts";

export const row: Row = rowOf(import.meta.url, {
  name: "handler",
  board: "An HTTP handler",
  about: "Looks an order up and answers in JSON, to 32 connections of another process.",
  unit: "requests/s",
  better: "more",
  shown: (micros) => 1e6 / micros,
  ways: [{ way: "node:http", system: "node:http", family: "platform" }],
  inPython: [{ way: "aiohttp", system: "aiohttp", packages: ["aiohttp"], about: [process.execPath, fileOf("../http-server/load.mjs", import.meta.url)] }],
  fromGuide: (throughput) => throughput,
  notes: ["The guide's is FastAPI, which does more for a request. Most of what serves one here is C and C++, which no compiler of the language makes faster."],
});
