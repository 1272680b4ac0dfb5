import { isUtf8 } from "node:buffer";
import { isUtf16 } from "./encoding";

/** The expected format of an input: JSON lines, other JSON, CSV, or lines of text. */
export type ExpectedContent = "json" | "json-values" | "csv" | "text";

/** Number of bytes at the start that are used to detect the format. */
export const START_BYTES = 2048;

/**
 * Where the examined bytes begin: at the start of the content, or at a later member, either at a line's start or in the
 * middle of a line.
 */
export type Beginning = "content" | "line" | "cut";

/**
 * Detects content that cannot be of the expected format, from its start; undefined if it can be. It only names formats
 * that would be misread: an archive as text, or an error page as lines. A start that is merely broken is left to be
 * counted line by line.
 *
 * Some tools cut gzip members at line ends, others anywhere. In a later member that continues a line, only binary
 * formats are therefore reported. Pages are reported only if JSON lines are expected, because text can contain a page.
 *
 * @param start the first {@link START_BYTES}, or all bytes if there are fewer
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

/** Name of lines that end without a line feed. */
export const UNFED_LINES = "lines that end with a carriage return alone";

/** Describes the start of an input in a word or two that quote nothing of it. */
export function kindOf(start: Buffer): string {
  if (start.length === 0) return "nothing";
  const kind = foreignKind(start, "json") ?? binaryKind(start);
  if (kind !== undefined) return kind;
  return CONTROL.test(start.toString("latin1")) ? "binary data" : "text";
}

/** First bytes of file formats, in hex. */
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

/** The format of a binary file, detected from its first bytes. */
export function formatOf(start: Buffer): string | undefined {
  const hex = start.toString("hex", 0, 16);
  const format = FORMATS.find(([magic]) => hex.startsWith(magic))?.[1];
  if (format === "bzip2") return /^425a683[1-9](314159265359|177245385090)/.test(hex) ? format : undefined;
  // Text can begin with a word of three letters.
  if (format === "ORC" && !start.includes(0)) return undefined;
  return format ?? (isTar(start) ? "a tar archive" : undefined);
}

/** The header of a tar archive contains the sum of its bytes, in which the field of the sum counts as spaces. */
function isTar(start: Buffer): boolean {
  if (start.length < 512) return false;
  const stored = parseInt(start.toString("latin1", 148, 156).replace(/[\0 ]+$/, ""), 8);
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += start[at];
  return stored === sum;
}

/** Detected from its byte order mark, or from many NUL bytes at every other position. */
function utf16Kind(start: Buffer): string | undefined {
  if (start.length >= 2 && (start.readUInt16BE() === 0xfffe || start.readUInt16BE() === 0xfeff)) return "UTF-16 text";
  const pairs = Math.min(start.length >> 1, 256);
  if (pairs < 4) return undefined;
  const zeros = [0, 0];
  for (let at = 0; at < 2 * pairs; at++) if (start[at] === 0) zeros[at & 1]++;
  const [more, fewer] = [Math.max(...zeros), Math.min(...zeros)];
  return (more > pairs * 0.7 && fewer < pairs * 0.05) || isUtf16(start) ? "UTF-16 text" : undefined;
}

/** UTF-32 without a byte order mark: for most characters, three of four bytes are NUL and one is not. */
function wideKind(start: Buffer): string | undefined {
  const quads = Math.min(start.length >> 2, 256);
  const zeros = [0, 0, 0, 0];
  for (let at = 0; at < 4 * quads; at++) if (start[at] === 0) zeros[at & 3]++;
  const [fewest, fewer] = zeros.sort((a, b) => a - b);
  return quads >= 4 && fewer > quads * 0.7 && fewest < quads * 0.05 ? "UTF-32 text" : utf16Kind(start);
}

const HTML = /^(?:<\?xml[^>]*>|<!--[^]*?-->|\s)*<(?:!doctype\s+html|html)\b/i;
const XML_ERROR = /^\s*(?:<\?xml[^>]*>\s*)?<Error[\s>]/;

/** Error pages that servers send instead of a file. Other XML can be intended as lines of text. */
function pageKind(start: Buffer, expected: ExpectedContent): string | undefined {
  const text = textOf(start);
  if (HTML.test(text)) return "an HTML page";
  if (XML_ERROR.test(text)) return "an error document in XML";
  return expected !== "text" && /^\s*<\?xml\s/.test(text) ? "XML" : undefined;
}

/** Neither an array nor objects without line feeds between them are JSON lines. */
function jsonKind(start: Buffer): string | undefined {
  const text = textOf(start);
  if (!text.includes("\n") && /\}[ \t]*\r[ \t\r]*\{/.test(text)) return UNFED_LINES;
  const [first] = text.trimStart().split("\n", 1);
  if (!/^\[\s*(?:\{|$)/.test(first)) return undefined;
  // A whole array on a line is a line like any other, so the following lines decide. An array that continues on the
  // next line is a document.
  const goesOn = text.trimStart().length > first.length && !first.trimEnd().endsWith("]");
  return goesOn ? "a JSON array" : undefined;
}

/**
 * Whether the whole text would be one record unless a line feed follows its start. Progress output, with carriage
 * returns within a line, looks the same up to there. The CSV reader decides for itself.
 */
export function isUnfed(start: Buffer): boolean {
  const text = textOf(start);
  if (text.includes("\n")) return false;
  const ended = text.match(/[^ \t\r][ \t]*\r/g)?.length ?? 0;
  return ended > 1;
}

/** Characters that text does not contain, or only rarely. */
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;
const CONTROLS = new RegExp(CONTROL, "g");

/** Share of control characters above which bytes that are not UTF-8 are not text. */
const BINARY_SHARE = 0.05;

/** Neither UTF-8 nor text in another encoding such as GBK, which has no control characters. */
function binaryKind(start: Buffer): string | undefined {
  const controls = start.toString("latin1").match(CONTROLS)?.length ?? 0;
  if (controls < Math.max(3, start.length * BINARY_SHARE) || isUtf8(withoutCut(start))) return undefined;
  return "binary data";
}

/** Whether all bytes are text in UTF-8. The first bytes can be the rest of a character. */
function isText(start: Buffer): boolean {
  let begin = 0;
  while (begin < 3 && (start[begin] & 0xc0) === 0x80) begin++;
  return !CONTROL.test(start.toString("latin1")) && isUtf8(withoutCut(start.subarray(begin)));
}

/** Without a last character that continues after the start. */
function withoutCut(start: Buffer): Buffer {
  let end = start.length;
  while (end > start.length - 4 && end > 0 && (start[end - 1] & 0xc0) === 0x80) end--;
  return end > 0 && start[end - 1] >= 0xc0 ? start.subarray(0, end - 1) : start;
}

/** In UTF-8, with one character for each byte. */
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/** The start with one character for each byte, without the byte order mark that some editors write. */
function textOf(start: Buffer): string {
  const text = start.toString("latin1");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}

/** Whether content that is not gzip can be the uncompressed form of what was expected. */
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
