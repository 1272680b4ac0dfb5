import type { ParsedBatch } from "../records/contracts";
import { noRecords } from "./content-error";
import type { ParseCounts } from "./counts";
import { LineSplitter } from "./lines";
import { openContent, type ParseOptions } from "./open-content";

export type { ParseOptions } from "./open-content";

/** Bytes that are read before records are handed out: a chunk of very short lines would make a great many at once. */
const SLICE_BYTES = 64 * 1024;

/**
 * Reads bytes as lines, and lines as records or as lines that are none; docs/parser.md tells what counts as what. Where the
 * source fails, what all complete lines before the fault hold is handed out, then the fault is thrown; of the line that it
 * cut nothing is known, so it is not counted.
 *
 * An input with lines, of which none is a record and some are invalid, is a fault at its end: it is something else than
 * it should be. Invalid lines among records are not.
 *
 * @param counts of this input, is added to as reading goes on
 */
export async function* parse(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ParseOptions,
  counts: ParseCounts,
): AsyncGenerator<ParsedBatch> {
  const { reader, sink } = openContent(options, counts);
  const lines = new LineSplitter(options.maxLineBytes, reader.take.bind(reader), reader.takeRun);
  const watch = reader.watch?.bind(reader) ?? ((handLines: () => void) => handLines());
  const end = (cutOff: boolean) => {
    reader.flush();
    reader.end?.(cutOff);
    return sink.allBatches();
  };
  try {
    for await (const chunk of source) {
      for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
        watch(() => lines.write(chunk.subarray(start, start + SLICE_BYTES)));
        reader.flush();
        yield* sink.fullBatches();
      }
    }
    watch(() => lines.end());
  } catch (error) {
    yield* end(true);
    throw error;
  }
  yield* end(false);
  if (counts.records === 0 && counts.invalid > 0) throw noRecords(WORDS[options.content?.type ?? "json"], counts);
}

const WORDS = { json: "JSON lines", csv: "CSV", lines: "text", multiline: "text" };
