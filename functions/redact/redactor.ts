import type { Literal } from "../../rules";
import { LiteralSearch } from "../parser/search/literal-search";
import type { ClsLabels, OutgoingRecord } from "../records/contracts";
import { lineOf, LineRecord } from "../records/line-record";
import { bufferOf } from "../runtime/buffer";
import type { RedactSettings } from "../settings";
import { maskJson } from "./json-text";
import { type Kind, kindsOf } from "./kinds";
import { Masker, type RedactCounts } from "./masker";

/** Escapes of ASCII, and an escape's digits followed by others, which look like one number: these can hide anything. */
const ESCAPES = /\\u(?:00[2-7]|[\da-fA-F]{3}\d\d)/;

/** A number with an exponent. */
const POWER = "[:,[]\\s*-?[\\d.]+[eE]";

/** Masks the contents of records before they are sent to an output. */
export class Redactor {
  readonly #masker: Masker;
  /** Each line with data to be masked contains at least one of these, except for patterns. */
  readonly #texts: readonly string[];
  readonly #sources: readonly RegExp[];
  /** The same for patterns, on the bytes of the line; undefined if there are none. */
  readonly #search: LiteralSearch | undefined;
  /** Whether there is a pattern without known literals. */
  readonly #looksAlways: boolean;

  /** @throws RegexError, SyntaxError for a pattern that synth would have refused */
  constructor(settings: RedactSettings) {
    const kinds = kindsOf(settings);
    this.#masker = new Masker(kinds);
    const hints = kinds.flatMap(({ hint }) => hint ?? []);
    this.#texts = hints.flatMap(({ texts = [] }) => texts);
    const sources = hints.flatMap(({ source }) => source ?? []);
    // Separately they are faster than joined into one.
    this.#sources = [...sources, ...(kinds.some(({ isNumeric }) => isNumeric) ? [POWER] : [])].map(
      (source) => new RegExp(source),
    );
    const unhinted = kinds.filter(({ hint }) => hint === undefined);
    this.#looksAlways = unhinted.some(({ needs }) => needs === undefined);
    this.#search = this.#looksAlways || unhinted.length === 0 ? undefined : new LiteralSearch(literalsOf(unhinted));
  }

  /** The records; those without findings are the same objects. @param counts is increased */
  redact(records: readonly OutgoingRecord[], counts: RedactCounts): readonly OutgoingRecord[] {
    return records.map((record) => this.#redact(record, counts));
  }

  #redact(record: OutgoingRecord, counts: RedactCounts): OutgoingRecord {
    const labels = record.labels && this.#labels(record.labels, counts);
    const line = this.#line(record, counts);
    if (line === undefined && labels === record.labels) return record;
    return new LineRecord(line === undefined ? lineOf(record) : Buffer.from(line), record.place, labels);
  }

  /** Its masked line; undefined if there is nothing to mask. */
  #line(record: OutgoingRecord, counts: RedactCounts): string | undefined {
    const bytes = bufferOf(lineOf(record));
    if (!this.#mayHold(bytes.toString("latin1"), bytes)) return undefined;
    // Bytes that are not UTF-8 stay unchanged if nothing in their line is masked.
    return maskJson(bytes.toString(), this.#masker, counts);
  }

  #mayHold(line: string, bytes: Buffer): boolean {
    if (this.#looksAlways || (line.includes("\\u") && ESCAPES.test(line))) return true;
    if (this.#texts.some((text) => line.includes(text)) || this.#sources.some((one) => one.test(line))) return true;
    if (!this.#search) return false;
    this.#search.open(bytes);
    return this.#search.next(0, bytes.length) >= 0;
  }

  #labels(labels: ClsLabels, counts: RedactCounts): ClsLabels {
    const { source, tags = {}, topic } = labels;
    const mask = (text: string | undefined, key?: string) => text && this.#masker.text(text, counts, key);
    const masked = Object.entries(tags).map(([name, value]) => [name, mask(value, name) ?? ""] as const);
    const isSame =
      mask(source) === source && mask(topic) === topic && masked.every(([name, value]) => value === tags[name]);
    if (isSame) return labels;
    return { topic: mask(topic), source: mask(source), ...(labels.tags && { tags: Object.fromEntries(masked) }) };
  }
}

/** All literals that the patterns need. */
function literalsOf(kinds: readonly Kind[]): Literal[] {
  return kinds.flatMap(({ needs = [] }) => [...needs]);
}
