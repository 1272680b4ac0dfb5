/** Arguments and results of the language's functions: integers are `bigint`, floats `number`, null is absent. */
export type Value = string | bigint | number | boolean | null | readonly Value[] | ReadonlyMap<string, Value>;

/** A statement failed on a row: CLS drops the row, and counts it as failed. */
export class RowFailure extends Error {
  override readonly name = "RowFailure";
}

/** The text that is written to a field. */
export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return doubleText(value);
  if (typeof value === "object" && value !== null) return jsonText(value);
  return String(value);
}

/** Absent, zero, empty, "0" and "false" are false. */
export function isTrue(value: Value): boolean {
  if (value === null || value === false) return false;
  if (typeof value === "string") return value !== "" && value !== "0" && value.toLowerCase() !== "false";
  if (typeof value === "bigint") return value !== 0n;
  return typeof value !== "number" || value !== 0;
}

/** Absent, and also the text "null", according to CLS's documentation. */
export function isNull(value: Value): boolean {
  return value === null || value === "null";
}

/** A number, or a text that contains one; otherwise `undefined`. */
export function numberIn(value: Value): bigint | number | undefined {
  if (typeof value === "bigint" || typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace("+", ""));
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The same; throws if it is not a number. */
export function numberOf(value: Value, what: string): bigint | number {
  const number = numberIn(value);
  if (number === undefined) throw new RowFailure(`${what} must get a number, got ${shorten(textOf(value))}`);
  return number;
}

/** A double in Java's format: `1.0`, `1.0E7`. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits, exponent] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** JSON without spaces. */
export function jsonText(value: Value): string {
  if (value instanceof Map) {
    const members = [...(value as ReadonlyMap<string, Value>)];
    return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item)}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(jsonText).join(",")}]`;
  return typeof value === "string" ? JSON.stringify(value) : textOf(value);
}

export function shorten(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}
