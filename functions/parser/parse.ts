import type { ParsedBatch } from "../records/contracts";
import type { ContentSettings } from "../settings";
import { noRecords } from "./content-error";
import type { ParseCounts } from "./counts";
import { decoded, needsDecoding } from "./encoding";
import { LineSplitter } from "./lines";
import { openContent, type ParseOptions } from "./open-content";

export type { ParseOptions } from "./open-content";

/**
 * Number of bytes to read before records are passed on: a chunk of very short lines would create a great many at once.
 */
const SLICE_BYTES = 64 * 1024;

/** Number of bytes between two batches that report progress. The batch before each of them ends early. */
const REACHED_BYTES = 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * Reads bytes as lines, and lines as records or invalid lines; docs/parser.md defines which lines count as what. If the
 * source fails, everything in complete lines before the fault is passed on, and then the fault is thrown. The line that
 * it cut is unknown and not counted.
 *
 * An input that has lines but no record, and at least one invalid line, is a fault at its end, because it is not what
 * it should be. Invalid lines among records are not a fault.
 *
 * @param counts counts of this input, which are updated while it is read
 */
export async function* parse(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ParseOptions,
  counts: ParseCounts,
): AsyncGenerator<ParsedBatch> {
  const { reader, sink, splitter } = openContent(options, counts);
  const take = reader.take.bind(reader);
  const lines = splitter ?? new LineSplitter(options.maxLineBytes, take, reader.takeRun, reader.lineEnd);
  const { from = 0, tellsReached = false } = options;
  if (lines instanceof LineSplitter && from > 0) lines.beginAt(from);
  const watch = reader.watch?.bind(reader) ?? ((handLines: () => void) => handLines());
  /** Reads a slice of a chunk. Returns where the next one begins. */
  const readSlice = (chunk: Uint8Array, start: number) => {
    const end = endOfSlice(chunk, start);
    watch(() => lines.write(chunk.subarray(start, end)));
    reader.flush();
    return end;
  };
  const end = (cutOff: boolean) => {
    reader.flush();
    reader.end?.(cutOff);
    sink.tellEncoding();
    return sink.allBatches();
  };
  try {
    const encoding = options.content?.encoding;
    let unreached = 0;
    for await (const chunk of needsDecoding(encoding) ? decoded(source, encoding, counts) : source) {
      // No iterators for code that runs once per small slice: V8 would take longer to optimize it than it runs.
      for (let start = 0; start < chunk.length;) {
        const end = readSlice(chunk, start);
        unreached += end - start;
        start = end;
        const isDue = tellsReached && unreached >= REACHED_BYTES;
        const full = isDue ? sink.allBatches() : sink.fullBatches();
        for (let at = 0; at < full.length; at++) yield full[at];
        if (!isDue) continue;
        unreached = 0;
        const line = lines instanceof LineSplitter ? lines.position : 0;
        yield { records: [], invalid: [], reached: { line, waiting: reader.waiting ?? Infinity } };
      }
    }
    watch(() => lines.end());
  } catch (error) {
    yield* end(true);
    throw error;
  }
  yield* end(false);
  if (counts.records === 0 && counts.invalid > 0) throw noRecords(wordOf(options.content), counts);
}

/** After a line feed if there is one, because a line that is cut must be reassembled. */
function endOfSlice(chunk: Uint8Array, start: number): number {
  const most = start + SLICE_BYTES;
  if (most >= chunk.length) return chunk.length;
  const feed = chunk.subarray(start, most).lastIndexOf(LINE_FEED);
  return feed === -1 ? most : start + feed + 1;
}

/** Name of what an input should contain. */
function wordOf(content: ContentSettings = { type: "json" }): string {
  return content.type === "preset" ? `records of ${content.name}` : WORDS[content.type];
}

const WORDS = { json: "JSON lines", "json-values": "JSON", csv: "CSV", lines: "text", multiline: "text" };
