import { checkLength, replaceEach, TextBuilder } from "../run/length";
import { fail } from "../run/values";
import { decodeDoubleByte, encodeDoubleByte } from "./gbk";

/** How to handle characters that an encoding does not have, or bytes that are invalid in it. */
export type ErrorMode = "strict" | "ignore" | "replace" | "xmlcharrefreplace" | "backslashreplace";

export const ERROR_MODES: readonly string[] = ["strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace"];

interface Codec {
  /** `bad` returns the replacement of a character that cannot be encoded; the replacement is then encoded. */
  encode(text: string, bad: (character: string) => string): Uint8Array;
  /** `bad` returns the replacement of bytes that cannot be decoded. */
  decode(bytes: Uint8Array, bad: (bytes: Uint8Array) => string): string;
}

/** `str.encode`. Fails for an unknown encoding and, in strict mode, for characters that the encoding does not have. */
export function encode(text: string, encoding = "utf-8", errors = "strict"): Uint8Array {
  const mode = errorMode(errors);
  return codec(encoding).encode(text, (character) => {
    const point = character.codePointAt(0)!;
    switch (mode) {
      case "ignore":
        return "";
      case "replace":
        return "?";
      case "xmlcharrefreplace":
        return `&#${point};`;
      case "backslashreplace":
        return escapePoint(point);
      case "strict":
        return fail(`${encoding} has no character U+${point.toString(16).toUpperCase().padStart(4, "0")}`);
    }
  });
}

/** `bytes.decode`. Fails for an unknown encoding and, in strict mode, for invalid bytes. */
export function decode(bytes: Uint8Array, encoding = "utf-8", errors = "strict"): string {
  const mode = errorMode(errors);
  return codec(encoding).decode(bytes, (bad) => {
    switch (mode) {
      case "ignore":
        return "";
      case "replace":
        return "\ufffd";
      case "backslashreplace":
        if (bad.length === 0) return "\ufffd";
        return Array.from(bad, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
      default: {
        const where = bad.length > 0 ? `, at 0x${Buffer.from(bad).toString("hex")}` : "";
        return fail(`The bytes are no text in ${encoding}${where}; give errors="ignore" or another encoding`);
      }
    }
  });
}

/** Fails if it is not a known mode. */
export function errorMode(errors: string): ErrorMode {
  if (ERROR_MODES.includes(errors)) return errors as ErrorMode;
  const got = JSON.stringify(errors.slice(0, 100));
  return fail(`The errors of an encoding must be one of ${ERROR_MODES.join(", ")}, got ${got}`, "errors");
}

function escapePoint(point: number): string {
  const hexadecimal = point.toString(16);
  if (point <= 0xff) return `\\x${hexadecimal.padStart(2, "0")}`;
  return point <= 0xffff ? `\\u${hexadecimal.padStart(4, "0")}` : `\\U${hexadecimal.padStart(8, "0")}`;
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

const UTF8: Codec = {
  encode: (text, bad) =>
    bytesOf(
      replaceEach(text, LONE_SURROGATE, ([unit]) => bad(unit)),
      "utf8",
    ),
  decode(bytes, bad) {
    const text = new TextBuilder();
    let start = 0;
    for (let at = 0; at < bytes.length;) {
      const length = sequenceLength(bytes, at);
      if (length > 0) at += length;
      else {
        text.add(utf8Slice(bytes, start, at)).add(bad(bytes.subarray(at, at - length)));
        start = at -= length;
      }
    }
    return text.add(utf8Slice(bytes, start, bytes.length)).text;
  },
};

/** Fails before the result exceeds the maximum length. */
function bytesOf(text: string, encoding: BufferEncoding): Buffer {
  checkLength(Buffer.byteLength(text, encoding));
  return Buffer.from(text, encoding);
}

function utf8Slice(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

/** Length of the UTF-8 sequence at an offset; if it is invalid, the negative length of its part that could be valid. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index];
    // The second byte excludes overlong sequences, surrogates, and code points beyond U+10FFFF.
    const low = index > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = index > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (!(byte >= low && byte <= high)) return -index;
  }
  return length || -1;
}

function singleByte(size: number): Codec {
  const beyond = new RegExp(`[^\\0-\\x${(size - 1).toString(16)}]`, "gu");
  return {
    encode: (text, bad) =>
      bytesOf(
        replaceEach(text, beyond, ([character]) => bad(character)),
        "latin1",
      ),
    decode(bytes, bad) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
      return replaceEach(text, beyond, ([character]) => bad(Uint8Array.of(character.charCodeAt(0))));
    },
  };
}

/**
 * UTF-16. Without a fixed byte order, it is written little-endian with a byte order mark, as Python does on most
 * machines.
 */
function utf16(order: "le" | "be" | "marked"): Codec {
  return {
    encode(text, bad) {
      const body = bytesOf(
        replaceEach(text, LONE_SURROGATE, ([unit]) => bad(unit)),
        "utf16le",
      );
      if (order === "be") return body.swap16();
      return order === "le" ? body : Buffer.concat([Buffer.of(0xff, 0xfe), body]);
    },
    decode(bytes, bad) {
      const mark = order === "marked" && bytes.length > 1 ? (bytes[0] << 8) | bytes[1] : 0;
      const isMarked = mark === 0xfffe || mark === 0xfeff;
      const isBig = order === "be" || mark === 0xfeff;
      const whole = Buffer.from(bytes.subarray(isMarked ? 2 : 0, bytes.length - (bytes.length % 2)));
      const text = (isBig ? whole.swap16() : whole).toString("utf16le");
      const tail = bytes.length % 2 === 1 ? bad(bytes.subarray(-1)) : "";
      return replaceEach(text, LONE_SURROGATE, ([unit]) => bad(Buffer.from(unit, "utf16le"))) + tail;
    },
  };
}

const ENCODINGS: ReadonlyMap<string, Codec> = new Map<string, Codec>(
  Object.entries({
    "utf8 u8 utf cp65001": UTF8,
    "ascii usascii 646 ansix341968": singleByte(0x80),
    "latin1 latin iso88591 88591 cp819 l1": singleByte(0x100),
    "utf16 u16": utf16("marked"),
    "utf16le utf16littleendian unicodelittleunmarked": utf16("le"),
    "utf16be utf16bigendian unicodebigunmarked": utf16("be"),
    "gbk cp936 936 ms936 gb2312 euccn chinese": doubleByte("gbk"),
    "gb18030 gb180302000": doubleByte("gb18030"),
  }).flatMap(([names, found]) => names.split(" ").map((name): [string, Codec] => [name, found])),
);

function doubleByte(encoding: "gbk" | "gb18030"): Codec {
  return {
    encode: (text, bad) => encodeDoubleByte(text, encoding, bad),
    decode: (bytes, bad) => decodeDoubleByte(bytes, encoding, bad),
  };
}

/** Encodings that the runtime can only decode, under their WHATWG names. */
function readOnly(label: string): Codec {
  const strict = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder(label, { ignoreBOM: true });
  return {
    encode: () => fail(`Text cannot be written in ${label}; use one of ${ENCODING_NAMES.join(", ")}`, "encoding"),
    decode(bytes, bad) {
      try {
        return strict.decode(bytes);
      } catch {
        // The decoder does not report the invalid bytes.
        return replaceEach(lenient.decode(bytes), /\ufffd/g, () => bad(NO_BYTES));
      }
    },
  };
}

/** Maximum characters of a name that are examined; no encoding has a longer one. */
const LONGEST_NAME = 100;

const NO_BYTES = new Uint8Array();

/** The encodings by their common names; each also has the aliases of Python. */
export const ENCODING_NAMES: readonly string[] = ["utf8", "ascii", "latin1", "utf-16", "gbk", "gb18030"];

/** Whether text can be encoded with an encoding of that name. */
export function canEncode(name: string): boolean {
  return ENCODINGS.has(plainName(name));
}

/** Whether bytes can be decoded with an encoding of that name. */
export function canDecode(name: string): boolean {
  return canEncode(name) || readOnlyOf(name) !== undefined;
}

function codec(encoding: string): Codec {
  const found = ENCODINGS.get(plainName(encoding)) ?? readOnlyOf(encoding);
  if (found) return found;
  const got = JSON.stringify(encoding.slice(0, 100));
  return fail(`The encoding must be one of ${ENCODING_NAMES.join(", ")}, got ${got}`, "encoding");
}

function plainName(encoding: string): string {
  return encoding
    .slice(0, LONGEST_NAME)
    .toLowerCase()
    .replace(/[-_ .]/g, "");
}

const readOnlyCodecs = new Map<string, Codec>();

function readOnlyOf(encoding: string): Codec | undefined {
  const label = labelOf(encoding);
  const known = readOnlyCodecs.get(label);
  if (known || label.startsWith("unicode")) return known;
  try {
    const made = readOnly(new TextDecoder(label).encoding);
    readOnlyCodecs.set(label, made);
    return made;
  } catch {
    return undefined;
  }
}

/** The WHATWG name of an encoding that has another name in Python. */
function labelOf(name: string): string {
  return name
    .slice(0, LONGEST_NAME)
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/^cp932$/, "shift-jis")
    .replace(/^cp(125\d)$/, "windows-$1");
}
