import { isUtf8 } from "node:buffer";
import { isUtf16 } from "./encoding";

/** What the bytes of an input should hold: JSON lines, other JSON, CSV, or lines of text. */
export type ExpectedContent = "json" | "json-values" | "csv" | "text";

/** Bytes of its start by which content is judged. */
export const START_BYTES = 2048;

/** Where what is judged begins: with the content, or with a member behind others, as a line or in the middle of one. */
export type Beginning = "content" | "line" | "cut";

/**
 * What content is that cannot be what is expected, told by its start; undefined where it may be. What is named here could
 * only be read as something that it is not: an archive as text, a page of an error as lines. A start that is merely broken
 * is left to be counted line by line.
 *
 * Members of gzip are cut at lines by one tool and anywhere by another. So behind others only what is no text is told of
 * one that goes on with a line, and pages only where lines of JSON are expected: a text may hold one.
 *
 * @param start the first {@link START_BYTES}, or all there is
 */
export function foreignKind(
  start: Buffer,
  expected: ExpectedContent,
  beginning: Beginning = "content",
): string | undefined {
  const kind = beginning !== "content" && isText(start) ? undefined : (formatOf(start) ?? wideKind(start));
  if (kind !== undefined) return kind;
  const isGoingOn = beginning === "cut" || (beginning === "line" && expected !== "json");
  const page = isGoingOn ? undefined : pageKind(start, expected);
  if (page !== undefined) return page;
  if (expected === "json") return isGoingOn ? undefined : jsonKind(start);
  const binary = binaryKind(start);
  if (binary !== undefined || expected !== "text" || beginning !== "content" || start.length >= START_BYTES)
    return binary;
  return isUnfed(start) ? UNFED_LINES : undefined;
}

/** What lines are called that no line feed ends. */
export const UNFED_LINES = "lines that end with a carriage return alone";

/** What the start of an input looks like, in a word or two that quote nothing of it. */
export function kindOf(start: Buffer): string {
  if (start.length === 0) return "nothing";
  const kind = foreignKind(start, "json") ?? binaryKind(start);
  if (kind !== undefined) return kind;
  return CONTROL.test(start.toString("latin1")) ? "binary data" : "text";
}

/** The bytes, in hex, with which files of a format begin. */
const FORMATS: readonly (readonly [string, string])[] = [
  ["1f8b", "gzip"],
  ["504b0304", "a zip archive"],
  ["504b0506", "a zip archive"],
  ["504b0708", "a zip archive"],
  ["fd377a585a00", "xz"],
  ["5d00008000", "lzma"],
  ["28b52ffd", "zstd"],
  ["425a68", "bzip2"],
  ["04224d18", "lz4"],
  ["894c5a4f", "lzop"],
  ["ff060000734e61507059", "snappy"],
  ["1f9d", "compress (.Z)"],
  ["377abcaf271c", "a 7z archive"],
  ["526172211a07", "a rar archive"],
  ["50415231", "Parquet"],
  ["4f626a01", "Avro"],
  ["4f5243", "ORC"],
  ["25504446", "a PDF"],
];

/** The format of a file that is no text, by the bytes with which it begins. */
export function formatOf(start: Buffer): string | undefined {
  const hex = start.toString("hex", 0, 16);
  const format = FORMATS.find(([magic]) => hex.startsWith(magic))?.[1];
  if (format === "bzip2") return /^425a683[1-9](314159265359|177245385090)/.test(hex) ? format : undefined;
  // A word of three letters may begin a text.
  if (format === "ORC" && !start.includes(0)) return undefined;
  return format ?? (isTar(start) ? "a tar archive" : undefined);
}

/** The header of a tar has a sum of its own bytes, in which the sum's field counts as spaces. */
function isTar(start: Buffer): boolean {
  if (start.length < 512) return false;
  const stored = parseInt(start.toString("latin1", 148, 156).replace(/[\0 ]+$/, ""), 8);
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += start[at];
  return stored === sum;
}

/** By its mark, or since many bytes at every other place of it are NUL. */
function utf16Kind(start: Buffer): string | undefined {
  if (start.length >= 2 && (start.readUInt16BE() === 0xfffe || start.readUInt16BE() === 0xfeff)) return "UTF-16 text";
  const pairs = Math.min(start.length >> 1, 256);
  if (pairs < 4) return undefined;
  const zeros = [0, 0];
  for (let at = 0; at < 2 * pairs; at++) if (start[at] === 0) zeros[at & 1]++;
  const [more, fewer] = [Math.max(...zeros), Math.min(...zeros)];
  return (more > pairs * 0.7 && fewer < pairs * 0.05) || isUtf16(start) ? "UTF-16 text" : undefined;
}

/** UTF-32 without a mark: three of four bytes are NUL for most characters, and one is not. */
function wideKind(start: Buffer): string | undefined {
  const quads = Math.min(start.length >> 2, 256);
  const zeros = [0, 0, 0, 0];
  for (let at = 0; at < 4 * quads; at++) if (start[at] === 0) zeros[at & 3]++;
  const [fewest, fewer] = zeros.sort((a, b) => a - b);
  return quads >= 4 && fewer > quads * 0.7 && fewest < quads * 0.05 ? "UTF-32 text" : utf16Kind(start);
}

const HTML = /^(?:<\?xml[^>]*>|<!--[^]*?-->|\s)*<(?:!doctype\s+html|html)\b/i;
const XML_ERROR = /^\s*(?:<\?xml[^>]*>\s*)?<Error[\s>]/;

/** What servers answer instead of a file. Other XML may be meant as lines of text. */
function pageKind(start: Buffer, expected: ExpectedContent): string | undefined {
  const text = textOf(start);
  if (HTML.test(text)) return "an HTML page";
  if (XML_ERROR.test(text)) return "an error document in XML";
  return expected !== "text" && /^\s*<\?xml\s/.test(text) ? "XML" : undefined;
}

/** An array is no lines of objects, and neither are objects between which no line feed stands. */
function jsonKind(start: Buffer): string | undefined {
  const text = textOf(start);
  if (!text.includes("\n") && /\}[ \t]*\r[ \t\r]*\{/.test(text)) return UNFED_LINES;
  const [first] = text.trimStart().split("\n", 1);
  if (!/^\[\s*(?:\{|$)/.test(first)) return undefined;
  // A whole array on a line is a line like any other: what stands on the next ones tells. One that goes on is a document.
  const goesOn = text.trimStart().length > first.length && !first.trimEnd().endsWith("]");
  return goesOn ? "a JSON array" : undefined;
}

/**
 * Whether all of a text would be one record, unless a line feed comes behind its start: output of progress, whose carriage
 * returns stand within a line, looks the same up to there. CSV's reader judges its own.
 */
export function isUnfed(start: Buffer): boolean {
  const text = textOf(start);
  if (text.includes("\n")) return false;
  const ended = text.match(/[^ \t\r][ \t]*\r/g)?.length ?? 0;
  return ended > 1;
}

/** Characters that no text holds, or one here and there. */
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;
const CONTROLS = new RegExp(CONTROL, "g");

/** Share of control characters from which bytes that are no UTF-8 either are no text. */
const BINARY_SHARE = 0.05;

/** Neither UTF-8 nor a text in an encoding of its own, such as GBK, which has no control characters. */
function binaryKind(start: Buffer): string | undefined {
  const controls = start.toString("latin1").match(CONTROLS)?.length ?? 0;
  if (controls < Math.max(3, start.length * BINARY_SHARE) || isUtf8(withoutCut(start))) return undefined;
  return "binary data";
}

/** Whether bytes hold nothing but text in UTF-8, which may be the rest of a character first. */
function isText(start: Buffer): boolean {
  let begin = 0;
  while (begin < 3 && (start[begin] & 0xc0) === 0x80) begin++;
  return !CONTROL.test(start.toString("latin1")) && isUtf8(withoutCut(start.subarray(begin)));
}

/** Without a last character that goes on behind the start. */
function withoutCut(start: Buffer): Buffer {
  let end = start.length;
  while (end > start.length - 4 && end > 0 && (start[end - 1] & 0xc0) === 0x80) end--;
  return end > 0 && start[end - 1] >= 0xc0 ? start.subarray(0, end - 1) : start;
}

/** In UTF-8, a character for each byte. */
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/** The start as characters of a byte each, without the mark that some editors put there. */
function textOf(start: Buffer): string {
  const text = start.toString("latin1");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}

/** Whether content that is no gzip may be what was meant to be packed. */
export function mayBePlain(start: Buffer, expected: ExpectedContent): boolean {
  if (expected === "csv" || expected === "text") return !/[\0-\x08\x0e-\x1a]/.test(start.toString("latin1"));
  const json = textOf(start).trimStart();
  return (
    json === "" ||
    json.startsWith("{") ||
    (expected === "json-values" && json.startsWith("[")) ||
    BYTE_ORDER_MARK.startsWith(json)
  );
}
