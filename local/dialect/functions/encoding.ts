import { createHash, randomUUID } from "node:crypto";
import { expression, type Definitions } from "../definition";
import { RowFailure } from "../values";

/** The highest character of an encoding; encodings that are not listed have all characters. */
const HIGHEST: Readonly<Record<string, number>> = { ascii: 0x7f, latin1: 0xff };

/** Functions for encodings. Fact: docs/design/facts/rules.md#dialect-encoding. */
export const ENCODING: Definitions = {
  decode_url: expression("url", (args) => {
    try {
      return decodeURIComponent(args.text("url").replaceAll("+", " "));
    } catch {
      throw new RowFailure("decode_url must get an encoded URL");
    }
  }),
  md5_encoding: expression("data", (args) => createHash("md5").update(args.text("data")).digest("hex")),
  uuid: expression("", () => randomUUID()),
  /** Characters that the encoding does not have are dropped, or handled as `errors` says. */
  str_encode: expression("data encoding? errors?", (args) => {
    const encoding = args.text("encoding", "utf8").toLowerCase();
    if (encoding === "unicode-escape") return args.text("data").replace(/[^\0-\x7f]/g, escaped);
    const highest = HIGHEST[encoding] ?? Infinity;
    return [...args.text("data")].map((one) => encoded(one, highest, args.text("errors", "ignore"))).join("");
  }),
  str_decode: expression("data encoding? errors?", (args) => {
    const text = args.text("data");
    if (args.text("encoding", "utf8").toLowerCase() !== "unicode-escape") return text;
    return text.replace(/\\+u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  }),
};

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function encoded(character: string, highest: number, errors: string): string {
  const code = character.codePointAt(0) as number;
  if (code <= highest) return character;
  if (errors === "replace") return "?";
  if (errors === "xmlcharrefreplace") return `&#${code};`;
  if (errors === "strict") throw new RowFailure("str_encode must get characters of the encoding");
  return "";
}
