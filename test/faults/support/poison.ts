/** A record whose failure must not affect its neighbours. */
export const DEEP = '{"a":' + "[".repeat(5_000) + "]".repeat(5_000) + "}";
export const DEEPEST = '{"a":' + "[".repeat(200_000) + "]".repeat(200_000) + "}";

/**
 * Failures of user code on one record, by name: the body of `(record, context, good) => ...`, where `good` routes a
 * record to every output. All of them must fail only that record.
 */
export const POISONS: Readonly<Record<string, string>> = {
  "throws an error": 'throw new Error("no")',
  "throws a text": 'throw "no"',
  "throws nothing": "throw undefined",
  "throws an object whose message throws": 'throw { get message() { throw new Error("no"); } }',
  "throws an object whose name, stack and code throw":
    "throw Object.defineProperties({}, Object.fromEntries(['name', 'stack', 'code', 'message'].map((name) => [name, { get() { throw name; } }])))",
  "throws a revoked proxy": "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy",
  "rejects with an object whose message throws": 'return Promise.reject({ get message() { throw new Error("no"); } })',
  "returns a thenable that throws": 'return { then() { throw new Error("no"); } }',
  "returns a thenable whose then throws": 'return { get then() { throw new Error("no"); } }',
  "returns a number": "return 7",
  "returns an unknown output": 'return { output: "elsewhere", record }',
  "returns a revoked proxy": "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy",
  "returns a record whose raw throws": 'return good({ get raw() { throw new Error("no"); }, place: record.place })',
  "returns a record without a place": "return good({ raw: record.raw, place: {} })",
  "returns a record with a place that is no number":
    "return good({ raw: record.raw, place: { ...record.place, byte: NaN } })",
  "returns a record whose fields throw":
    'return good({ raw: record.raw, place: record.place, changed: true, get fields() { throw new Error("no"); } })',
  "assigns fields that refer to themselves": "const a = {}; a.a = a; record.fields = a; return good(record)",
  "assigns fields that are nested too deeply":
    "let a = 1; for (let n = 0; n < 20000; n++) a = [a]; record.fields = { a }; return good(record)",
  "assigns a big integer": "record.fields = { a: 1n }; return good(record)",
  "assigns fields whose toJSON throws": 'record.fields = { toJSON() { throw new Error("no"); } }; return good(record)',
  "makes a record of fields that refer to themselves": "const a = {}; a.a = a; return good(context.create(a))",
  "hides raw behind one that throws":
    'Object.defineProperty(record, "raw", { get() { throw new Error("no"); } }); return good(record)',
  "hides raw behind one that throws at its second use":
    'let uses = 0; const { raw } = record; Object.defineProperty(record, "raw", { get() { if (uses++ > 0) throw new Error("no"); return raw; } }); return good(record)',
  "hides place behind one that throws":
    'Object.defineProperty(record, "place", { get() { throw new Error("no"); } }); return good(record)',
  "gives labels that throw":
    'return good(record).map((one) => ({ ...one, labels: { get source() { throw new Error("no"); } } }))',
  "gives labels that are no texts": "return good(record).map((one) => ({ ...one, labels: { tags: { a: 7 } } }))",
};

/** User code that applies the failure in a record's field `poison`. */
export function poisonousProcessor(outputs: readonly string[]): string {
  const poisons = Object.entries(POISONS).map(
    ([name, body]) => `${JSON.stringify(name)}(record, context, good) { ${body}; }`,
  );
  return `const good = (record) => ${JSON.stringify(outputs)}.map((output) => ({ output, record }));
const poisons = { ${poisons.join(",\n")} };
module.exports = { default: { record(record, context) {
  const { poison } = record.fields;
  // Nobody awaits it, and nothing comes of it.
  if (poison !== undefined) Promise.reject({ get message() { throw new Error("stray"); } });
  return poison === undefined ? good(record) : poisons[poison](record, context, good);
} } };`;
}
