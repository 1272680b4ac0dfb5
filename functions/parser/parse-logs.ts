import type { DeliveredLogs, LogPiece } from "../events/delivered-logs";
import type { ParsedBatch } from "../records/contracts";
import { noRecords } from "./content-error";
import type { ParseCounts } from "./counts";
import { JsonLinesReader } from "./json-lines";
import type { ParseOptions } from "./open-content";
import { readJson } from "./read-json";
import { scanner } from "./scan/scanner";
import { RecordSink } from "./sink";

/**
 * Reads the logs of a delivered event as records, as if each were a line of JSON lines; see `log-line.ts`. A record's
 * `byte` is that of its line among these.
 *
 * If everything that is read is invalid, that is a fault at the end, as in {@link parse}.
 *
 * @param counts counts of the event, which are updated while it is read
 */
export async function* parseLogs(
  logs: DeliveredLogs,
  { object, check, maxLineBytes, batchLimits }: ParseOptions,
  counts: ParseCounts,
): AsyncGenerator<ParsedBatch> {
  const sink = new RecordSink({ object, readFields: readJson }, counts, batchLimits);
  const reader = new JsonLinesReader(check, maxLineBytes, sink);
  let byte = 0;
  for (const piece of logs.drafts()) {
    byte = takePiece(reader, piece, byte);
    yield* sink.fullBatches();
  }
  yield* sink.allBatches();
  if (counts.records === 0 && counts.invalid > 0) throw noRecords("JSON lines", counts);
}

function takePiece(reader: JsonLinesReader, piece: LogPiece, byte: number): number {
  const { drafts } = piece;
  const shared = scanner();
  if (drafts && shared) return reader.takeDrafts(shared, drafts, byte, (log) => piece.line(log));
  for (let log = 0; log < piece.count; log++) byte = reader.takeLine(piece.line(log), byte);
  return byte;
}
