import { CheckedObject, isObject, kindOf, objectIn, shown } from "../../../functions/runtime/checked-json";

const refusal = (path: string, what: string, value: unknown) => new TypeError(`${path}: ${what}, not ${kindOf(value)}`);

describe("checked JSON", () => {
  it("knows objects from all else", () => {
    expect([{}, { a: 1 }].every(isObject)).toBe(true);
    expect([null, undefined, [], "{}", 1].some(isObject)).toBe(false);
  });

  it("finds the object in a text, and nothing in any other", () => {
    expect(objectIn('{"a":1}')).toEqual({ a: 1 });
    for (const text of ["", "{", "[]", "null", "1"]) expect(objectIn(text)).toBeUndefined();
  });

  it("tells a value, or only what it is", () => {
    expect([undefined, null, "x", [1]].map(shown)).toEqual(["nothing", "null", '"x"', "[1]"]);
    expect([undefined, null, "", "x", [1], {}].map(kindOf)).toEqual([
      "undefined",
      "null",
      "an empty one",
      "string",
      "a list",
      "object",
    ]);
  });

  it("reads an object's fields, and refuses each by its path as its reader words it", () => {
    const event = new CheckedObject({ a: { text: "x", none: null, empty: "" } }, "event", refusal);
    const inner = event.object("a");
    expect(inner.text("text")).toBe("x");
    expect(inner.names()).toEqual(["text", "none", "empty"]);
    expect([inner.optionalObject("none"), inner.optionalObject("absent")]).toEqual([undefined, undefined]);
    expect(() => inner.text("empty")).toThrow(new TypeError("event.a.empty: a non-empty string, not an empty one"));
    expect(() => inner.object("text")).toThrow(new TypeError("event.a.text: an object, not string"));
    expect(() => inner.optionalObject("text")).toThrow(TypeError);
    expect(() => new CheckedObject([], "event", refusal)).toThrow(new TypeError("event: an object, not a list"));
  });
});
