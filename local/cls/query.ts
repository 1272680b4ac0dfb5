import { Refusal } from "../refusal";
import type { ClsRecord } from "./record";

type Matcher = (record: ClsRecord) => boolean;

/** `key:"value"`, `key:value`, `"phrase"`, `word`, `AND`, `NOT`. */
const TOKEN =
  /\s*(?:(?<word>AND|NOT)(?=\s)|(?:(?<key>[\w./@-]+):)?(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^\s"():|]+)))/y;

/**
 * The supported part of CQL: terms that must all match, each optionally with `NOT`. A term with a key is compared with
 * the whole value; one without is searched for in all values. Anything else is refused.
 */
export function parseQuery(query: string): Matcher {
  const text = query.trim();
  if (text === "" || text === "*") return () => true;
  const terms: Matcher[] = [];
  let isNegative = false;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    const at = TOKEN.lastIndex;
    const { word, key, quoted, bare } = TOKEN.exec(text)?.groups ?? {};
    if (word === "NOT") isNegative = true;
    else if (quoted !== undefined || bare !== undefined) {
      terms.push(term(key, quoted?.replace(/\\(.)/g, "$1") ?? (bare as string), isNegative));
      isNegative = false;
    } else if (word === undefined) {
      throw new Refusal(
        "FailedOperation.SyntaxError",
        `The local cloud searches for terms and AND, got ${text.slice(at)}.`,
      );
    }
  }
  return (record) => terms.every((holds) => holds(record));
}

function term(key: string | undefined, value: string, isNegative: boolean): Matcher {
  const holds: Matcher =
    key === undefined
      ? ({ contents }) => Object.values(contents).some((text) => text.includes(value))
      : (record) => valueOf(record, key) === value;
  return (record) => holds(record) !== isNegative;
}

function valueOf({ contents, source, filename, tags }: ClsRecord, key: string): string | undefined {
  if (key === "__SOURCE__") return source;
  if (key === "__FILENAME__") return filename;
  if (key.startsWith("__TAG__.")) return tags?.[key.slice("__TAG__.".length)];
  return contents[key];
}
