import fc from "fast-check";

const texts = fc.oneof(
  fc.constantFrom("500", "5xx", "a", "", "é", "\\u00e9", '"', "null", "503"),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);

const values = fc.oneof(
  texts,
  fc.integer({ min: -1000, max: 1000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.array(texts, { maxLength: 3 }),
  fc.dictionary(texts, texts, { maxKeys: 3, noNullPrototype: true }),
);

/** Fields of a record: any values, under names that the tests' conditions use. */
export const fields = fc.dictionary(fc.constantFrom("a", "b", "c", "__CONTENT__", "constructor"), values, {
  maxKeys: 4,
  noNullPrototype: true,
});
