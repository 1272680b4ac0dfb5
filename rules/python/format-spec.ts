import { floatText } from "../run/text";
import { fail, typeName, type Value } from "../run/values";
import { checkLength } from "../run/length";
import { exponential, fixed, general, type Digits } from "./float-format";
import { integerToFloat } from "./numbers";
import { lengthOf, sliceText } from "./points";
import { str } from "./repr";

/** The parsed format specification, after the colon of a `str.format` field. */
interface Spec {
  readonly fill: string;
  readonly align?: "<" | ">" | "=" | "^";
  /** By default only negative numbers have a sign, as with `-`. */
  readonly sign?: "+" | "-" | " ";
  /** Whether a number that is rounded to negative zero is shown as zero. */
  readonly dropsNegativeZero: boolean;
  /** `#`: prefixes of bases, and points and zeros that would be removed. */
  readonly alternate: boolean;
  /** A `0` before the width. */
  readonly zeros: boolean;
  readonly width: number;
  readonly grouping: "" | "," | "_";
  readonly precision?: number;
  readonly type: string;
}

const SPEC = /^(?:([^])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([^])?$/u;
const FILLED = /^[^][<>=^]/u;

/** Python's `format(value, spec)`. Fails if the spec does not fit the value's type. */
export function format(value: Value, specText: string): string {
  if (specText === "") return str(value);
  const spec = parseSpec(specText);
  switch (typeof value) {
    case "string":
      return formatText(value, spec);
    case "boolean":
      return formatInteger(value ? 1n : 0n, spec);
    case "bigint":
      return formatInteger(value, spec);
    case "number":
      return formatFloat(value, spec);
    default:
      return fail(`A ${typeName(value)} has no format, got ${JSON.stringify(specText)}; leave it out, or use ct_str`);
  }
}

function parseSpec(text: string): Spec {
  const match = SPEC.exec(text);
  if (!match) return fail(`A format must be one of Python's, got ${JSON.stringify(text.slice(0, 100))}`);
  const [, given, align, sign, z, alternate, zero, width, grouping, precision, type] = match as (string | undefined)[];
  // With an explicit fill, the zero belongs to the width: `*<05` is as wide as `*<5`.
  const zeros = zero !== undefined && !FILLED.test(text);
  const spec: Spec = {
    fill: given ?? (zeros ? "0" : " "),
    align: align as Spec["align"],
    sign: sign as Spec["sign"],
    dropsNegativeZero: z !== undefined,
    alternate: alternate !== undefined,
    zeros,
    width: Number(width ?? 0),
    grouping: (grouping as Spec["grouping"] | undefined) ?? "",
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? "",
  };
  checkLength(spec.width);
  return spec;
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== "" && spec.type !== "s") refuseType(spec, "str");
  if (
    spec.sign !== undefined ||
    spec.alternate ||
    spec.grouping !== "" ||
    spec.align === "=" ||
    spec.dropsNegativeZero
  ) {
    fail(
      "The format of a str must have no sign, no #, no grouping and no alignment by =; convert with ct_int or ct_float",
    );
  }
  const cut = spec.precision === undefined ? text : sliceText(text, 0, spec.precision);
  return align(cut, spec, "<");
}

const BASES: Readonly<Record<string, readonly [radix: number, prefix: string]>> = {
  b: [2, "0b"],
  o: [8, "0o"],
  x: [16, "0x"],
  X: [16, "0X"],
};

function formatInteger(value: bigint, spec: Spec): string {
  if (spec.type !== "" && "eEfFgG%".includes(spec.type)) return formatFloat(integerToFloat(value), spec);
  if (spec.precision !== undefined) fail("The format of an int must have no precision; convert with ct_float");
  if (spec.dropsNegativeZero) fail("The format of an int must have no z");
  if (spec.type === "c") return formatCharacter(value, spec);
  const size = value < 0n ? -value : value;
  if (spec.type === "" || spec.type === "d" || spec.type === "n") {
    return formatNumber({ whole: String(size), rest: "" }, value < 0n, "", spec);
  }
  const [radix, prefix] = BASES[spec.type] ?? refuseType(spec, "int");
  if (spec.grouping === ",") fail(`The format ${spec.type} must be grouped by _`);
  const digits = size.toString(radix);
  const whole = spec.type === "X" ? digits.toUpperCase() : digits;
  return formatNumber({ whole, rest: "" }, value < 0n, spec.alternate ? prefix : "", spec, 4);
}

function formatCharacter(value: bigint, spec: Spec): string {
  if (spec.sign !== undefined || spec.alternate || spec.grouping !== "")
    fail("The format c must have no sign, # or grouping");
  if (value < 0n || value > 0x10ffffn) fail(`The format c must get a code point, got ${value}`);
  return align(String.fromCodePoint(Number(value)), spec, spec.zeros ? "=" : ">");
}

function formatFloat(value: number, spec: Spec): string {
  const digits = floatDigits(Math.abs(value), spec);
  const isZero = !/[1-9a-z]/i.test(digits.whole + digits.rest.replace(/e.*/i, ""));
  const isNegative = (value < 0 || Object.is(value, -0)) && !(spec.dropsNegativeZero && isZero);
  return formatNumber(digits, isNegative, "", spec);
}

function floatDigits(size: number, spec: Spec): Digits {
  const type = spec.type.toLowerCase();
  const percent = type === "%" ? "%" : "";
  const show = (digits: Digits): Digits =>
    "EFG".includes(spec.type) && spec.type !== ""
      ? { whole: digits.whole.toUpperCase(), rest: digits.rest.toUpperCase() }
      : { whole: digits.whole, rest: digits.rest + percent };
  const { precision = 6, alternate } = spec;
  if (!"efgn%".includes(type)) refuseType(spec, "float");
  if (!Number.isFinite(size)) return show({ whole: Number.isNaN(size) ? "nan" : "inf", rest: "" });
  switch (type) {
    case "e":
      return show(exponential(size, precision, alternate));
    case "f":
      return show(fixed(size, precision, alternate));
    case "%":
      if (!Number.isFinite(size * 100)) return show({ whole: "inf", rest: "" });
      return show(fixed(size * 100, precision, alternate));
    case "g":
    case "n":
      return show(general(size, precision, alternate, false));
    default:
      return spec.precision === undefined ? reprDigits(size, alternate) : general(size, precision, alternate, true);
  }
}

function reprDigits(size: number, keepsPoint: boolean): Digits {
  const [, whole, rest] = /^(\d+)(.*)$/.exec(floatText(size))!;
  return { whole, rest: keepsPoint && !rest.startsWith(".") ? `.${rest}` : rest };
}

/** Sign, prefix, grouped digits, and suffix, padded to the width. */
function formatNumber(digits: Digits, isNegative: boolean, prefix: string, spec: Spec, groupSize = 3): string {
  if (spec.type === "n" && spec.grouping !== "") fail("The format n must have no grouping");
  const head = (isNegative ? "-" : spec.sign === "-" ? "" : (spec.sign ?? "")) + prefix;
  const alignment = spec.align ?? (spec.zeros ? "=" : ">");
  const missing = spec.fill === "0" && alignment === "=" ? spec.width - head.length - digits.rest.length : 0;
  // inf and nan are not grouped.
  const whole =
    spec.grouping === "" || !/\d/.test(digits.whole)
      ? digits.whole
      : group(digits.whole, spec.grouping, groupSize, missing);
  const body = whole + digits.rest;
  if (alignment === "=") return head + spec.fill.repeat(Math.max(0, spec.width - head.length - lengthOf(body))) + body;
  return align(head + body, spec, ">");
}

/** Grouped digits, padded with zeros, which are also grouped, to the width. */
function group(digits: string, separator: string, size: number, width: number): string {
  // n digits and their separators are n + ⌊(n - 1) / size⌋ wide.
  let enough = Math.max(1, width - Math.floor(width / (size + 1)));
  if (enough + Math.floor((enough - 1) / size) < width) enough++;
  const filled = digits.padStart(enough, "0");
  const first = filled.length % size || size;
  const groups = [filled.slice(0, first)];
  for (let at = first; at < filled.length; at += size) groups.push(filled.slice(at, at + size));
  return groups.join(separator);
}

function align(text: string, spec: Spec, fallback: "<" | ">" | "="): string {
  const missing = spec.width - lengthOf(text);
  if (missing <= 0) return text;
  switch (spec.align ?? fallback) {
    case "<":
      return text + spec.fill.repeat(missing);
    case "^":
      return spec.fill.repeat(Math.floor(missing / 2)) + text + spec.fill.repeat(Math.ceil(missing / 2));
    default:
      return spec.fill.repeat(missing) + text;
  }
}

function refuseType({ type }: Spec, of: string): never {
  return fail(`A ${of} has no format ${JSON.stringify(type)}`);
}
