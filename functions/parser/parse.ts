import type { Batch } from "../records/contracts";
import { LineSplitter } from "./lines";
import { type ContentOptions, openContent } from "./open-content";
import type { ParseCounts } from "./sink";

export { type BatchLimits, DEFAULT_BATCH_LIMITS, emptyCounts, type ParseCounts } from "./sink";

/** Bytes that are read before records are handed out: a chunk of very short lines would make a great many at once. */
const SLICE_BYTES = 64 * 1024;

/** How bytes are read as records. */
export type ParseOptions = ContentOptions;

/**
 * Reads bytes as lines and lines as records; docs/parser.md tells what counts as what. Where the source fails, the
 * records of all complete lines before the fault are handed out, then the fault is thrown; of the line that it cut
 * nothing is known, so it is not counted.
 *
 * @param counts is added to as reading goes on
 */
export async function* parse(
  source: AsyncIterable<Uint8Array>,
  options: ParseOptions,
  counts: ParseCounts,
): AsyncGenerator<Batch> {
  const { reader, sink } = openContent(options, counts);
  const lines = new LineSplitter(options.maxLineBytes, reader.take.bind(reader));
  const end = (cutOff: boolean) => {
    reader.flush();
    reader.end?.(cutOff);
    return sink.allBatches();
  };
  try {
    for await (const chunk of source) {
      for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
        lines.write(chunk.subarray(start, start + SLICE_BYTES));
        reader.flush();
        yield* sink.fullBatches();
      }
    }
    lines.end();
  } catch (error) {
    yield* end(true);
    throw error;
  }
  yield* end(false);
}
