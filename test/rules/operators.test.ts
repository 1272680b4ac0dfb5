import { compareTexts } from "../../rules/python/compare";
import { sliceList, sliceText } from "../../rules/python/points";
import type { Value } from "../../rules/run/values";
import { failureOf, resultOf, type Row, valueOf } from "./support";

const EVENT: Row = { word: "pipeline", n: "12", empty: "", face: "a😀b" };

describe("the operators", () => {
  it.each([
    [`op_if(v("word"), "set", "not set")`, "set"],
    [`op_if(v("empty"), "set", "not set")`, "not set"],
    [`op_if(0.0, 1, 2)`, "2"],
    [`op_ifnull(v("none"), v("empty"), "c")`, ""],
    [`op_ifnull(None, v("word"))`, "pipeline"],
    [`op_coalesce(v("none"), None, 3)`, "3"],
    [`op_coalesce(v("none"), None)`, undefined],
    [`op_nullif(v("word"), "pipeline")`, undefined],
    [`op_nullif(v("word"), "other")`, "pipeline"],
    [`op_and(v("word"), 1, [0])`, "true"],
    [`op_and(v("word"), v("empty"))`, "false"],
    [`op_and("0", "False")`, "true"],
    [`op_or(v("none"), 0, "")`, "false"],
    [`op_or(v("none"), {"k": 1})`, "true"],
    [`op_not("")`, "true"],
    [`op_not("None")`, "false"],
    [`op_eq(v("n"), "12")`, "true"],
    [`op_eq(v("n"), 12)`, "false"],
    [`op_eq(1, 1.0)`, "true"],
    [`op_eq([1, {"a": 2}], [1.0, {"a": True}])`, "false"],
    [`op_eq([1, {"a": 1}], [1.0, {"a": True}])`, "true"],
    [`op_eq(None, v("none"))`, "true"],
    [`op_ne("a", "A")`, "true"],
    [`op_ge(2, 1.5)`, "true"],
    [`op_gt("b", "abc")`, "true"],
    [`op_gt("Ａ", "😀")`, "false"],
    [`op_le([1, 2], [1, 2, 0])`, "true"],
    [`op_lt(ct_int("9"), ct_int("10"))`, "true"],
    [`op_lt(9007199254740993, 9007199254740992.0)`, "false"],
    [`op_len(v("face"))`, "3"],
    [`op_len([1, 2])`, "2"],
    [`op_len({"a": 1})`, "1"],
    [`op_in("pipeline", "line")`, "true"],
    [`op_in([1, "2"], 1.0)`, "true"],
    [`op_in({"a": 1}, "a")`, "true"],
    [`op_not_in(["a"], v("word"))`, "true"],
    [`op_not_in("abc", "b")`, "false"],
    [`op_slice(v("word"), 4)`, "pipe"],
    [`op_slice(v("word"), 4, None)`, "line"],
    [`op_slice(v("word"), op_neg(4), op_neg(1))`, "lin"],
    [`op_slice(v("word"), 0, 8, 3)`, "pen"],
    [`op_slice(v("face"), 1, 2)`, "😀"],
    [`op_slice([1, 2, 3], None, None, op_neg(1))`, "[3, 2, 1]"],
    [`op_index(v("face"), 1)`, "😀"],
    [`op_index([1, 2], op_neg(1))`, "2"],
    [`op_add("a", v("n"), "b")`, "a12b"],
    [`op_add(1, 2.5, True)`, "4.5"],
    [`op_add([1], ["b"])`, `[1, "b"]`],
    [`op_max(3, 12.0, 7)`, "12.0"],
    [`op_max("3", "12")`, "3"],
    [`op_min(3, 12, 7)`, "3"],
    [`op_min([4, 2])`, "2"],
  ])("%s gives %s", (expression, expected) => {
    expect(valueOf(expression, EVENT)).toBe(expected);
  });

  it.each([
    [`op_gt("5", 3)`, "have no order: str and int"],
    [`op_le(None, 1)`, "have no order: None and int"],
    [`op_len(5)`, "op_len must get a text"],
    [`op_in("abc", 1)`, "op_in must look for a text in a text"],
    [`op_not_in(5, 1)`, "op_not_in must look into"],
    [`op_slice("abc", 0, 2, v("no", default=0))`, "The step of a slice must not be 0"],
    [`op_slice("abc", v("no", default="2"))`, "The end of op_slice must be an int"],
    [`op_index("abc", 3)`, "must be within its 3 items, got 3"],
    [`op_index({"a": 1}, "b")`, "op_index found no key"],
    [`op_add("1", 2)`, "op_add must get values of one type, got str and int"],
    [`op_add(None, "a")`, "got None and str"],
    [`op_max(1, "2")`, "have no order"],
    [`op_min([])`, "op_min must get at least one value"],
  ])("%s fails: %s", (expression, reason) => {
    expect(failureOf(`e_set("result", ${expression})`, EVENT)).toContain(reason);
  });

  it.each([
    `op_if(True, "kept", op_div_floor(1, 0))`,
    `op_ifnull("kept", op_div_floor(1, 0))`,
    `op_coalesce(None, "kept", op_div_floor(1, 0))`,
    `op_if(op_or(True, op_div_floor(1, 0)), "kept", "lost")`,
    `op_if(op_and(False, op_div_floor(1, 0)), "lost", "kept")`,
  ])("%s evaluates no more than it needs", (expression) => {
    expect(valueOf(expression)).toBe("kept");
  });

  it("are the comparison operators of the language too", () => {
    expect(valueOf(`op_if(ct_int(v("n")) >= 12 and not v("n") == 12, "yes", "no")`, EVENT)).toBe("yes");
  });
});

describe("values of Python in bulk", () => {
  let seed = 11;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const characters = Array.from("ab\uffff😀𐀀é😁");
  const text = () => Array.from({ length: random(6) }, () => characters[random(characters.length)]).join("");

  it("slices take the positions that walking from start to end takes", () => {
    for (let round = 0; round < 3000; round++) {
      const list = Array.from({ length: random(7) }, (_, index) => index);
      const [start, end] = [random(18) - 9, random(18) - 9];
      const step = random(7) - 3 || 1;
      const resolve = (index: number) => (index < 0 ? index + list.length : index);
      const walked: number[] = [];
      const last = Math.max(-1, Math.min(list.length, resolve(end)));
      let at = Math.max(step > 0 ? 0 : -1, Math.min(step > 0 ? list.length : list.length - 1, resolve(start)));
      for (; step > 0 ? at < last : at > last; at += step) walked.push(list[at]);
      expect([start, end, step, sliceList(list, start, end, step)]).toEqual([start, end, step, walked]);
    }
  });

  it("texts are sliced and ordered by code points", () => {
    for (let round = 0; round < 3000; round++) {
      const [a, b] = [text(), text()];
      const [start, end] = [random(10) - 5, random(10) - 5];
      expect(sliceText(a, start, end)).toBe(Array.from(a).slice(start, end).join(""));
      const points = (one: string) =>
        Array.from(one, (character) => character.codePointAt(0)!.toString(16).padStart(6, "0"));
      const [first, second] = [points(a).join(), points(b).join()];
      expect(Math.sign(compareTexts(a, b))).toBe(first < second ? -1 : first > second ? 1 : 0);
    }
  });

  it("of two different numbers one is greater, whatever their types", () => {
    const call = (name: string, ...values: Value[]) => resultOf(name, values);
    for (let round = 0; round < 1000; round++) {
      const exact = BigInt(random(2147483648)) * BigInt(random(2147483648)) + BigInt(random(3));
      const float = Number(exact);
      const sign = exact < BigInt(float) ? "op_lt" : exact > BigInt(float) ? "op_gt" : "op_eq";
      expect([exact, sign, call(sign, exact, float)]).toEqual([exact, sign, true]);
    }
  });
});
