import type { ContentSettings, RecordCheck } from "../settings";
import { CsvFields } from "./csv-fields";
import { CsvReader } from "./csv-reader";
import type { JsonElements } from "./json-elements";
import { JsonLinesReader } from "./json-lines";
import { readValues, ValueSink } from "./json-values";
import { MultilineReader } from "./multiline";
import { readJson } from "./read-json";
import { openPreset } from "./preset/open-preset";
import { PlainLinesReader, readText } from "./plain-lines";
import type { ContentReader } from "./reader";
import type { RecordOrigin } from "../records/record-lines";
import type { ParseCounts } from "./counts";
import { needsDecoding } from "./encoding";
import { type BatchLimits, RecordSink } from "./sink";

/** How bytes are read as records. */
export interface ParseOptions {
  /** Name of the input, for the places of its records. */
  readonly object: string;
  readonly check: RecordCheck;
  readonly maxLineBytes: number;
  /** @default JSON lines */
  readonly content?: ContentSettings;
  /** @default DEFAULT_BATCH_LIMITS */
  readonly batchLimits?: BatchLimits;
  /**
   * Offset at which the source begins, which must be after a line end: see `resumesAtLines`. The given counts cover
   * what came before.
   * @default 0
   */
  readonly from?: number;
  /** Whether batches report the progress of reading from time to time. @default false */
  readonly tellsReached?: boolean;
}

/** Whether content can be read from the start of any line, independently of what came before. */
export function resumesAtLines(content: ContentSettings = { type: "json" }): boolean {
  return (content.type === "json" || content.type === "lines") && !needsDecoding(content.encoding);
}

/**
 * Whether records are produced in the order of the input. A container's streams wait for their line ends separately, so
 * they are not.
 */
export function comesInOrder(content: ContentSettings = { type: "json" }): boolean {
  return content.type !== "preset" || content.layout.type !== "container";
}

/** Creates a reader for the format, and the sink that it fills. */
export function openContent(
  options: ParseOptions,
  counts: ParseCounts,
): {
  readonly reader: ContentReader;
  readonly sink: RecordSink;
  /** Splits the input, if that is not done at line ends. */
  readonly splitter?: JsonElements;
} {
  const { object, check, maxLineBytes, content = { type: "json" }, batchLimits } = options;
  const sinkFor = (readFields: RecordOrigin["readFields"]) =>
    new RecordSink({ object, readFields }, counts, batchLimits);
  switch (content.type) {
    case "json": {
      const sink = sinkFor(readJson);
      return { reader: new JsonLinesReader(check, maxLineBytes, sink), sink };
    }
    case "json-values": {
      const sink = new ValueSink({ object, readFields: readJson }, counts, batchLimits);
      return { ...readValues(check, maxLineBytes, content.expand ?? [], sink), sink };
    }
    case "csv": {
      const fields = new CsvFields(content, content.header === true ? undefined : content.header);
      const sink = sinkFor(fields.read);
      return { reader: new CsvReader(fields, check, maxLineBytes, sink, content.skipLines), sink };
    }
    case "lines": {
      const sink = sinkFor(readText);
      return { reader: new PlainLinesReader(sink), sink };
    }
    case "preset":
      return openPreset(content, { object, maxLineBytes, batchLimits }, counts);
    case "multiline": {
      const sink = sinkFor(readText);
      return { reader: new MultilineReader(content, sink), sink };
    }
  }
}
