import { type BatchRecords, type MayMatch, recordOfText, type RecordView } from "../../monitor";
import { DeliveredLines } from "../events/delivered-lines";
import type { DeliveredLogs } from "../events/delivered-logs";
import { ContentError } from "../parser/content-error";
import { emptyCounts } from "../parser/counts";
import { parseLogs } from "../parser/parse-logs";
import { LineRecord } from "../records/line-record";
import { DEFAULT_MAX_LINE_BYTES } from "../settings";
import { type BatchSearch, Found } from "./batch-search";

/** Up to this size, a log's line is certainly a record and below every line limit, even with the most wasteful escapes. */
const SURE_BYTES = 64 * 1024;

/** If one in this many records can match, it is faster to read all of them in one pass. */
const RECORDS_PER_FOUND = 4;

/** The records of a delivery that are to be examined. */
export interface DeliveredBatch {
  readonly records: BatchRecords;
  readonly mayMatch?: MayMatch;
}

/**
 * The records of a delivery that monitors can match, each with its place among all. If the search finds nothing, no record
 * is created; if it finds little, only those records are, on demand. All other cases are left to the parser.
 *
 * @param object name of the input
 * @param search on the level "strings": a log is JSON in a JSON string
 */
export async function deliveredBatch(
  logs: DeliveredLogs,
  object: string,
  search: BatchSearch,
): Promise<DeliveredBatch> {
  if (logs.longest > SURE_BYTES) return { records: await recordsOf(logs, object) };
  const { json } = logs;
  search.open(json);
  const first = search.next(0, json.length);
  if (first < 0 && !search.isBlind) {
    return { records: { length: logs.lines, at: () => undefined }, mayMatch: search.found().mayMatch };
  }
  const found = search.found();
  const lines = new DeliveredLines(logs);
  findIn(lines, search, first, json.length, found);
  const isMuch = search.isBlind || found.records * RECORDS_PER_FOUND > logs.lines;
  return {
    records: isMuch ? await recordsOf(logs, object) : new RecordsOnDemand(logs, object, lines),
    mayMatch: found.mayMatch,
  };
}

/** Notes which lines can match. @param first first offset that the search found */
function findIn(lines: DeliveredLines, search: BatchSearch, first: number, end: number, found: Found): void {
  for (let place = first; place >= 0;) {
    const line = lines.from(place);
    if (line === lines.length) return;
    const { contentStart, contentEnd } = lines.at(line);
    if (place < contentStart) {
      place = search.next(contentStart, end);
      continue;
    }
    search.note(found, line, contentStart, contentEnd);
    place = search.next(contentEnd, end);
  }
}

/** Records that are created on demand. */
class RecordsOnDemand implements BatchRecords {
  readonly #logs: DeliveredLogs;
  readonly #object: string;
  readonly #lines: DeliveredLines;
  readonly #made = new Map<number, RecordView>();

  constructor(logs: DeliveredLogs, object: string, lines: DeliveredLines) {
    this.#logs = logs;
    this.#object = object;
    this.#lines = lines;
  }

  get length(): number {
    return this.#lines.length;
  }

  at(index: number): RecordView {
    let record = this.#made.get(index);
    if (!record) {
      const { start, end } = this.#lines.at(index);
      // The log's own offset, because its offset among all lines would require the lines before it.
      record = new LineRecord(this.#logs.lineIn(start, end), { object: this.#object, line: index + 1, byte: start });
      this.#made.set(index, record);
    }
    return record;
  }
}

/** All contents of a delivery in order. An invalid line is examined as text, because skipping it would miss it silently. */
export async function recordsOf(logs: DeliveredLogs, object: string): Promise<RecordView[]> {
  const found: { readonly line: number; readonly record: RecordView }[] = [];
  const options = { object, check: "json", maxLineBytes: DEFAULT_MAX_LINE_BYTES } as const;
  try {
    for await (const { records, invalid } of parseLogs(logs, options, emptyCounts())) {
      for (const record of records) found.push({ line: record.place.line, record });
      for (const { place, raw } of invalid) found.push({ line: place.line, record: recordOfText(raw) });
    }
  } catch (error) {
    // All lines of a delivery without a single record were passed on before.
    if (!(error instanceof ContentError)) throw error;
  }
  return found.sort((one, other) => one.line - other.line).map(({ record }) => record);
}
