import { fail } from "../../values";

/** What becomes of characters and bytes that an encoding does not have. */
export const ERROR_HANDLERS = ["strict", "ignore", "replace", "xmlcharrefreplace"] as const;

export type ErrorHandler = (typeof ERROR_HANDLERS)[number];

interface Codec {
  encode(text: string, errors: ErrorHandler): Uint8Array;
  decode(bytes: Uint8Array, errors: ErrorHandler): string;
}

/** Text to bytes. `name` is an encoding as Python calls it. */
export function encode(text: string, name = "utf-8", errors: ErrorHandler = "strict"): Uint8Array {
  return codec(name).encode(text, errors);
}

/** Bytes to text; `xmlcharrefreplace` is for encoding, and stands for `replace` here. */
export function decode(bytes: Uint8Array, name = "utf-8", errors: ErrorHandler = "strict"): string {
  return codec(name).decode(bytes, errors);
}

/** The handler of a name. Fails where there is none. */
export function errorHandler(call: string, name: unknown): ErrorHandler {
  const handler = ERROR_HANDLERS.find((known) => known === name);
  return handler ?? fail(`${call} must get ${ERROR_HANDLERS.join(", ")} as errors, got ${String(name)}`, "errors");
}

const codecs = new Map<string, Codec>();

function codec(name: string): Codec {
  const known = codecs.get(name);
  if (known) return known;
  const made = makeCodec(name);
  codecs.set(name, made);
  return made;
}

function makeCodec(name: string): Codec {
  // UTF-8, utf_8 and utf8 are one encoding.
  const plain = name.toLowerCase().replace(/[-_ ]/g, "");
  switch (plain) {
    case "utf8":
    case "u8":
      return { encode: (text) => Buffer.from(text), decode: decodeWith("utf-8") };
    case "ascii":
    case "usascii":
      return singleByte(0x80);
    case "latin1":
    case "iso88591":
    case "l1":
      return singleByte(0x100);
    case "utf16le":
      return { encode: (text) => Buffer.from(text, "utf16le"), decode: decodeWith("utf-16le") };
    default:
      return { encode: () => fail(`cannot encode with ${quote(name)}; use utf-8`), decode: decodeWith(labelOf(name)) };
  }
}

/** ASCII and Latin-1: a byte is a code point. */
function singleByte(end: number): Codec {
  return {
    encode: (text, errors) =>
      Buffer.from(
        Array.from(text, (character) =>
          character.codePointAt(0)! < end ? character : substitute(character, errors),
        ).join(""),
        "latin1",
      ),
    decode: (bytes, errors) => {
      if (end === 0x100 || bytes.every((byte) => byte < end)) return Buffer.from(bytes).toString("latin1");
      if (errors === "strict") fail(`a byte beyond ${end - 1} is not in the encoding`);
      return Array.from(bytes, (byte) =>
        byte < end ? String.fromCharCode(byte) : errors === "ignore" ? "" : "\ufffd",
      ).join("");
    },
  };
}

function substitute(character: string, errors: ErrorHandler): string {
  if (errors === "ignore") return "";
  if (errors === "replace") return "?";
  if (errors === "xmlcharrefreplace") return `&#${character.codePointAt(0)};`;
  return fail(`the encoding does not have the character ${JSON.stringify(character)}`);
}

function decodeWith(label: string): Codec["decode"] {
  const strict = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder(label, { ignoreBOM: true });
  return (bytes, errors) => {
    if (errors === "strict") {
      try {
        return strict.decode(bytes);
      } catch {
        return fail(`the bytes must be ${label}; give errors="ignore" or another encoding`);
      }
    }
    const text = lenient.decode(bytes);
    return errors === "ignore" ? text.replaceAll("\ufffd", "") : text;
  };
}

/** The WHATWG's name of an encoding that has another one in Python; "unicode" is none there. */
function labelOf(name: string): string {
  if (/^unicode/i.test(name)) return fail(`unknown encoding ${quote(name)}`);
  const label = name
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/^cp936$/, "gbk")
    .replace(/^cp932$/, "shift-jis")
    .replace(/^cp(125\d)$/, "windows-$1");
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return fail(`unknown encoding ${quote(name)}`);
  }
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
