import { byStretches, checkLength } from "../../run/length";
import { toText } from "../../run/text";
import { fail, isBytes, typeName, type Value } from "../../run/values";
import { decodeBase64, encodeBase64 } from "./base64";
import { decode, encode } from "../../python/codecs";

/** The bytes of a value: those of its text, unless it is bytes. */
export function bytesOf(caller: string, value: Value, encoding?: string): Uint8Array {
  if (isBytes(value)) return value;
  return encode(textOf(caller, value), encoding);
}

/** The text of a value to encode. Fails for None, such as an absent field. */
export function textOf(caller: string, value: Value): string {
  if (typeof value === "string") return value;
  if (value === null) return fail(`${caller} must get a text, got None`);
  return toText(value);
}

/** An option that is a string. */
export function textOption(caller: string, name: string, value: Value): string {
  return typeof value === "string" ? value : fail(`${caller} must get a text as ${name}, got ${typeName(value)}`, name);
}

/** One of several names, in any case; None means the first. */
export function choice<Name extends string>(
  caller: string,
  option: string,
  value: Value,
  names: readonly Name[],
): Name {
  const wanted = textOption(caller, option, value ?? names[0]).toLowerCase();
  const name = names.find((known) => known.toLowerCase() === wanted);
  return (
    name ?? fail(`${caller} must get ${names.join(", ")} as ${option}, got ${JSON.stringify(cut(wanted))}`, option)
  );
}

/** The bytes of a value in a format: `raw` (the bytes of a string), `hex` or `base64`. */
export function readFormat(caller: string, value: Value, format: string, encoding?: string): Uint8Array {
  if (format === "hex") return readHex(caller, textOf(caller, value));
  if (format === "base64") return decodeBase64(caller, textOf(caller, value));
  return bytesOf(caller, value, encoding);
}

/** Bytes in a format. `raw` is text in the encoding if one is given, otherwise the result of {@link textOrBytes}. */
export function writeFormat(bytes: Uint8Array, format: string, encoding?: string): Value {
  if (format === "hex") return toHex(bytes);
  if (format === "base64") return encodeBase64(bytes);
  return encoding === undefined ? textOrBytes(bytes) : decode(bytes, encoding);
}

/** Bytes as pairs of hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  checkLength(2 * bytes.length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** A string if the bytes are UTF-8, so that string functions accept it, otherwise the bytes. */
export function textOrBytes(bytes: Uint8Array): Value {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readHex(caller: string, text: string): Uint8Array {
  const digits = byStretches(text, (stretch) => stretch.replace(/\s+/g, ""));
  if (digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits)) return Buffer.from(digits, "hex");
  return fail(`${caller} must get pairs of hexadecimal digits, got ${JSON.stringify(cut(text))}`);
}

/** A text as quoted in messages. */
export function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
