import { failureOf, valueOf, type Row } from "./support";

const EVENT: Row = { list: `["a", 2, null]`, dict: `{"k": 1, "n": null, "__proto__": "p"}`, text: "no list" };

describe("the lists and dicts", () => {
  it.each([
    [`lst_make("a", 1, None, [2.0])`, `["a", 1, null, [2.0]]`],
    [`lst_make()`, "[]"],
    [`lst_insert(v("list"), 1, "x", "y")`, `["a", "x", "y", 2, null]`],
    [`lst_insert(["a", "b"], op_neg(1), "x")`, `["a", "x", "b"]`],
    [`lst_insert(["a"], 99, "x")`, `["a", "x"]`],
    [`lst_append(v("list"), 3, [4])`, `["a", 2, null, 3, [4]]`],
    [`lst_delete_at(v("list"), 0)`, `[2, null]`],
    [`lst_delete_at(("a", "b"), op_neg(1))`, `["a"]`],
    [`lst_reverse(v("list"))`, `[null, 2, "a"]`],
    [`lst_get(v("list"), 1)`, "2"],
    [`lst_get(v("list"), op_neg(1))`, undefined],
    [`dct_make("a", 1, "b", [2])`, `{"a": 1, "b": [2]}`],
    [`dct_make("a", 1, "a", 2)`, `{"a": 2}`],
    [`dct_make(1, "a", True, "b")`, `{"1": "b"}`],
    [`dct_update(v("dict"), {"k": 2, "z": 3})`, `{"k": 2, "n": null, "__proto__": "p", "z": 3}`],
    [`dct_delete(v("dict"), "k", "missing", "__proto__")`, `{"n": null}`],
    [`dct_keys(v("dict"))`, `["k", "n", "__proto__"]`],
    [`dct_values(v("dict"))`, `[1, null, "p"]`],
    [`dct_get(v("dict"), "k")`, "1"],
    [`dct_get(v("dict"), "n", default="d")`, undefined],
    [`dct_get(v("dict"), "missing", default="d")`, "d"],
    [`dct_get(v("dict"), "constructor")`, undefined],
    [`dct_get({"1": "text", 1: "number"}, 1.0)`, "number"],
  ])("%s gives %s", (expression, expected) => {
    expect(valueOf(expression, EVENT)).toBe(expected);
  });

  it.each([
    [`lst_insert(v("text"), 0, "x")`, "JSON must have"],
    [`lst_append(v("dict"), 1)`, "The list of lst_append must be a list or the JSON text of one"],
    [`lst_delete_at([1], 1)`, "The position of lst_delete_at must be within its 1 items, got 1"],
    [`lst_reverse(5)`, "The list of lst_reverse must be a list"],
    [`lst_get([1], v("no", default="0"))`, "The position of lst_get must be an int"],
    [`lst_get([], 0)`, "within its 0 items"],
    [`dct_make([1], 2)`, "A key of a dict must be a text or a number, got list"],
    [`dct_update(v("list"), {})`, "The first dict of dct_update must be a dict"],
    [`dct_update({}, 5)`, "The second dict of dct_update must be a dict"],
    [`dct_keys(None)`, "The dict of dct_keys must be a dict or the JSON text of one, got None"],
  ])("%s fails: %s", (expression, reason) => {
    expect(failureOf(`e_set("result", ${expression})`, EVENT)).toContain(reason);
  });

  it("never change what they get", () => {
    expect(valueOf(`lst_make(lst_append(v("list"), 1), lst_reverse(v("list")), v("list"))`, EVENT)).toBe(
      `[["a", 2, null, 1], [null, 2, "a"], "[\\"a\\", 2, null]"]`,
    );
  });
});
