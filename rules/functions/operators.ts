import { group } from "./define";
import type { Argument, BoundCall, Thunk } from "../run/implementation";
import { add as addNumbers } from "../python/arithmetic";
import { asInt, asOptionalInt, describe } from "../python/arguments";
import { checkItems, checkLength } from "../run/length";
import { toText } from "../run/text";
import { compare, equals } from "../python/compare";
import { existingKey, lookUp } from "../python/keys";
import { firstIn } from "../python/occurrence";
import { lengthOf, characterAt, positionOf, sliceList, slicePositions, sliceText } from "../python/points";
import { fail, isBytes, isDict, isList, isTrue, typeName, type Value } from "../run/values";

export const OPERATORS = group("Operators", {
  op_if: {
    parameters: "cond:cond, a, b",
    doc: "`a` if the condition is true, otherwise `b`; the other one is not evaluated.",
    thunk(call) {
      const [condition, a, b] = ["cond", "a", "b"].map((name) => call.argument(name).evaluate);
      return (event, run) => (isTrue(condition(event, run)) ? a(event, run) : b(event, run));
    },
  },

  op_ifnull: {
    parameters: "*values",
    doc: "the first value that is not None; an empty text counts. Later values are not evaluated.",
    thunk: firstValue,
  },

  op_coalesce: {
    parameters: "*values",
    doc: "same as `op_ifnull`.",
    thunk: firstValue,
  },

  op_nullif: {
    parameters: "a, b",
    doc: "None if the two are equal, otherwise `a`.",
    pure: (a: Value, b: Value) => (equals(a, b) ? null : a),
  },

  op_and: {
    parameters: "*values",
    doc: "whether all values are true; stops at the first that is not.",
    thunk({ rest }) {
      const thunks = evaluators(rest);
      return (event, run) => {
        for (const thunk of thunks) if (!isTrue(thunk(event, run))) return false;
        return true;
      };
    },
  },

  op_or: {
    parameters: "*values",
    doc: "whether any value is true; stops at the first that is.",
    thunk({ rest }) {
      const thunks = evaluators(rest);
      return (event, run) => {
        for (const thunk of thunks) if (isTrue(thunk(event, run))) return true;
        return false;
      };
    },
  },

  op_not: {
    parameters: "a",
    doc: "whether a value is None, false, zero or empty.",
    thunk(call) {
      const { evaluate } = call.argument("a");
      return (event, run) => !isTrue(evaluate(event, run));
    },
  },

  op_eq: {
    parameters: "a, b",
    doc: "whether two values are equal; a text is never equal to a number, while `1`, `1.0` and `True` are equal.",
    hint: warnOfUnequal("false"),
    pure: (a: Value, b: Value) => equals(a, b),
  },

  op_ne: {
    parameters: "a, b",
    doc: "whether two values are not equal.",
    hint: warnOfUnequal("true"),
    pure: (a: Value, b: Value) => !equals(a, b),
  },

  op_ge: {
    parameters: "a, b",
    doc: "whether `a >= b`. Fails if the types cannot be ordered, such as a text and a number.",
    hint: warnOfNoOrder,
    pure: (a: Value, b: Value) => compare(a, b) >= 0,
  },

  op_gt: {
    parameters: "a, b",
    doc: "whether `a > b`. Fails like `op_ge`.",
    hint: warnOfNoOrder,
    pure: (a: Value, b: Value) => compare(a, b) > 0,
  },

  op_le: {
    parameters: "a, b",
    doc: "whether `a <= b`. Fails like `op_ge`.",
    hint: warnOfNoOrder,
    pure: (a: Value, b: Value) => compare(a, b) <= 0,
  },

  op_lt: {
    parameters: "a, b",
    doc: "whether `a < b`. Fails like `op_ge`.",
    hint: warnOfNoOrder,
    pure: (a: Value, b: Value) => compare(a, b) < 0,
  },

  op_len: {
    parameters: "value|x",
    doc: "the number of characters of a text, items of a list, or keys of a dict. Fails for values without a length.",
    pure(value: Value) {
      if (typeof value === "string") return BigInt(lengthOf(value));
      if (isList(value) || isBytes(value)) return BigInt(value.length);
      if (isDict(value)) return BigInt(value.size);
      return fail(`op_len must get a text, a list, a dict or bytes, got ${describe(value)}`);
    },
  },

  op_in: {
    parameters: "container, elem",
    doc:
      "whether a text contains a text, a list an equal item, or a dict a key. Fails if the container is not " +
      "one of these, or if a text is searched for something other than a text.",
    pure: (container: Value, element: Value) => contains(container, element, "op_in"),
  },

  op_not_in: {
    parameters: "container, elem",
    doc: "the opposite of `op_in`.",
    pure: (container: Value, element: Value) => !contains(container, element, "op_not_in"),
  },

  op_slice: {
    parameters: "value|x, start:int=None, end:int=, step:nonzero=None",
    doc:
      "a part of a text or list, like Python's `x[start:end:step]`. A single number is the end: `op_slice(x, " +
      "2)` gives the first two items. Fails for step 0.",
    pure(value: Value, start: Value, end: Value | undefined, step: Value): Value {
      const [from, to] = end === undefined && step === null ? [null, start] : [start, end];
      const first = asOptionalInt(from, "The start of op_slice");
      const last = asOptionalInt(to, "The end of op_slice");
      const by = asOptionalInt(step, "The step of op_slice");
      if (typeof value === "string") return sliceText(value, first, last, by);
      if (isList(value)) return sliceList(value, first, last, by);
      if (!isBytes(value)) return fail(`op_slice must get a text, a list or bytes, got ${describe(value)}`);
      const positions = slicePositions(value.length, first, last, by);
      return Uint8Array.from({ length: positions.count }, (_, at) => value[positions.first + at * positions.step]);
    },
  },

  op_index: {
    parameters: "value|x, index|i",
    doc:
      "the character of a text, the item of a list, or the value of a dict's key; negative indexes count from " +
      "the end. Fails if there is none.",
    pure(value: Value, index: Value) {
      if (isDict(value)) {
        const found = lookUp(value, index);
        return found === undefined ? fail(`op_index found no key ${describe(index)}`) : found;
      }
      const at = asInt(index, "The index of op_index");
      if (typeof value === "string") return characterAt(value, at, "The index of op_index");
      if (isList(value)) return value[positionOf(value.length, at, "The index of op_index")];
      if (isBytes(value)) return BigInt(value[positionOf(value.length, at, "The index of op_index")]);
      return fail(`op_index must get a text, a list, a dict or bytes, got ${describe(value)}`);
    },
  },

  op_add: {
    parameters: "*values",
    doc:
      "the sum of numbers, or the concatenation of texts, lists or bytes. Fails for other types and for mixed " +
      "ones: a text is not a number here.",
    pure: (values: readonly Value[]) => values.reduce(addValues),
  },

  op_max: {
    parameters: "*values",
    doc:
      "the greatest value, the first one if several are equal; a single list stands for its items. Fails like " +
      "`op_gt`.",
    pure: (values: readonly Value[]) => extreme(values, "op_max", 1),
  },

  op_min: {
    parameters: "*values",
    doc:
      "the smallest value, the first one if several are equal; a single list stands for its items. Fails like " +
      "`op_lt`.",
    pure: (values: readonly Value[]) => extreme(values, "op_min", -1),
  },
});

function evaluators(values: readonly Argument[]): readonly Thunk[] {
  return values.map(({ evaluate }) => evaluate);
}

function firstValue({ rest }: BoundCall): Thunk {
  const thunks = evaluators(rest);
  return (event, run) => {
    for (const thunk of thunks) {
      const value = thunk(event, run);
      if (value !== null) return value;
    }
    return null;
  };
}

function contains(container: Value, element: Value, name: string): boolean {
  if (typeof container === "string") {
    if (typeof element === "string") return firstIn(container, element) !== -1;
    return fail(`${name} must look for a text in a text, got ${describe(element)}`);
  }
  if (isList(container)) return container.some((item) => equals(item, element));
  if (isDict(container)) return existingKey(container, element) !== undefined;
  if (!isBytes(container)) return fail(`${name} must look into a text, a list or a dict, got ${describe(container)}`);
  if (isBytes(element)) return Buffer.from(container).includes(Buffer.from(element));
  return container.includes(asInt(element, `What ${name} looks for in bytes`));
}

function addValues(a: Value, b: Value): Value {
  if (typeof a === "string" && typeof b === "string") {
    checkLength(a.length + b.length);
    return a + b;
  }
  if (isNumeric(a) && isNumeric(b)) return addNumbers(toNumber(a), toNumber(b));
  if (isList(a) && isList(b)) {
    checkItems(a.length + b.length);
    return [...a, ...b];
  }
  if (isBytes(a) && isBytes(b)) {
    checkLength(a.length + b.length);
    return Buffer.concat([a, b]);
  }
  return fail(
    `op_add must get values of one type, got ${typeName(a)} and ${typeName(b)}; convert with ct_int or ct_str`,
  );
}

function isNumeric(value: Value): value is bigint | number | boolean {
  return typeof value === "bigint" || typeof value === "number" || typeof value === "boolean";
}

function toNumber(value: bigint | number | boolean): bigint | number {
  return typeof value === "boolean" ? BigInt(value) : value;
}

function extreme(values: readonly Value[], name: string, sign: 1 | -1): Value {
  const candidates = values.length === 1 && isList(values[0]) ? values[0] : values;
  if (candidates.length === 0) fail(`${name} must get at least one value`);
  return candidates.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best));
}

/** A field compared with a number: fields are strings, whatever they contain. */
function numberBesideText(call: BoundCall): string | undefined {
  const [a, b] = [call.argument("a"), call.argument("b")];
  const [text, number] = a.isText ? [a, b.constant?.value] : [b, a.constant?.value];
  const isNumber = typeof number === "bigint" || typeof number === "number";
  return text.isText && isNumber ? toText(number) : undefined;
}

function warnOfUnequal(result: string): (call: BoundCall) => void {
  return (call) => {
    const number = numberBesideText(call);
    if (number === undefined) return;
    const remedy = `convert it with ct_int or ct_float, or compare with "${number}"`;
    call.warn(`a field is a text, which no number equals, so that this is always ${result}; ${remedy}`);
  };
}

function warnOfNoOrder(call: BoundCall): void {
  if (numberBesideText(call) === undefined) return;
  call.warn(
    "every event that comes here fails: a field is a text, which has no order with a number; convert it with ct_int or ct_float",
  );
}
