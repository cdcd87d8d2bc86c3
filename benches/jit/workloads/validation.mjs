/** Records that are looked at one by one: is each what it should be? One in a hundred is not. */
import process from "node:process";
import { timed } from "../timed.mjs";

const count = process.env["BENCH_QUICK"] === "1" ? 1_000 : 100_000;

/** `jit.py` makes the same. */
const records = Array.from({ length: count }, (_, id) => ({
  id,
  name: `user number ${id}`,
  email: `user${id}@example.com`,
  age: id % 100 === 99 ? -1 : 18 + (id % 60),
  tags: ["reader", `group ${id % 7}`],
  address: { street: `street ${id % 500}`, city: `city ${id % 50}`, code: `${10_000 + (id % 80_000)}` },
}));

/** @param {(record: unknown) => boolean} isValid */
function validating(isValid) {
  return timed(count, () => {
    let valid = 0;
    for (const record of records) if (isValid(record)) valid++;
    if (valid !== count * 0.99) throw new Error(`${valid} of ${count} were valid`);
  });
}

const isString = (/** @type {unknown} */ value) => typeof value === "string";
const isObject = (/** @type {unknown} */ value) => typeof value === "object" && value !== null;

/** @param {any} value */
function byHand(value) {
  if (!isObject(value) || !Number.isInteger(value.id) || !isString(value.name) || !isString(value.email)) return false;
  if (!Number.isInteger(value.age) || value.age < 0 || value.age > 150) return false;
  if (!Array.isArray(value.tags) || !value.tags.every(isString) || !isObject(value.address)) return false;
  const { street, city, code } = value.address;
  return isString(street) && isString(city) && isString(code);
}

const text = { type: "string" };
const object = (/** @type {Record<string, unknown>} */ properties) => ({ type: "object", properties, required: Object.keys(properties) });
const schema = object({
  id: { type: "integer" },
  name: text,
  email: text,
  age: { type: "integer", minimum: 0, maximum: 150 },
  tags: { type: "array", items: text },
  address: object({ street: text, city: text, code: text }),
});

export const ways = {
  "by hand": () => validating(byHand),
  async "ajv"() {
    const { Ajv } = await import("ajv");
    return validating(new Ajv().compile(schema));
  },
  async "typebox"() {
    const { default: Type } = await import("typebox");
    const { Compile } = await import("typebox/compile");
    const texts = (/** @type {string[]} */ ...names) => Object.fromEntries(names.map((name) => [name, Type.String()]));
    const checker = Compile(
      Type.Object({ id: Type.Integer(), ...texts("name", "email"), age: Type.Integer({ minimum: 0, maximum: 150 }), tags: Type.Array(Type.String()), address: Type.Object(texts("street", "city", "code")) }),
    );
    return validating((record) => checker.Check(record));
  },
  async "zod"() {
    const z = await import("zod");
    const texts = (/** @type {string[]} */ ...names) => Object.fromEntries(names.map((name) => [name, z.string()]));
    const checker = z.object({ id: z.int(), ...texts("name", "email"), age: z.int().min(0).max(150), tags: z.array(z.string()), address: z.object(texts("street", "city", "code")) });
    return validating((record) => checker.safeParse(record).success);
  },
  async "valibot"() {
    const v = await import("valibot");
    const texts = (/** @type {string[]} */ ...names) => Object.fromEntries(names.map((name) => [name, v.string()]));
    const integer = v.pipe(v.number(), v.integer());
    const checker = v.object({
      id: integer,
      ...texts("name", "email"),
      age: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(150)),
      tags: v.array(v.string()),
      address: v.object(texts("street", "city", "code")),
    });
    return validating((record) => v.safeParse(checker, record).success);
  },
};
