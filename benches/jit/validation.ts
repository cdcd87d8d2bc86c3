/** 100,000 records, each looked at. */
import type { Row } from "../row.ts";
import { rowOf } from "./tiers.ts";

export const row: Row = rowOf(import.meta.url, {
  name: "validation",
  board: "Validation of 100,000 records",
  about: "Six fields, one of them a list and one an object; one record in a hundred is wrong.",
  unit: "µs for a record",
  better: "less",
  shown: (micros) => micros,
  ways: [
    { way: "by hand", system: "by hand", family: "platform" },
    { way: "ajv", system: "ajv", family: "package", maker: "ajv" },
    { way: "typebox", system: "typebox", family: "package", maker: "typebox" },
    { way: "zod", system: "zod", family: "package", maker: "zod" },
    { way: "valibot", system: "valibot", family: "package", maker: "valibot" },
  ],
  inPython: [
    { way: "by hand", system: "by hand" },
    { way: "pydantic", system: "pydantic", packages: ["pydantic"] },
  ],
  fromGuide: (seconds) => (seconds * 1e6) / 100_000,
  notes: ["ajv and typebox make a function of the schema and only look; zod, valibot and pydantic go through the schema (pydantic in Rust) and give a copy of the record."],
});
