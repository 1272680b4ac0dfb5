import { type BatchRecords, type MayMatch, recordOfText, type RecordView } from "../../monitor";
import { DeliveredLines } from "../events/delivered-lines";
import type { DeliveredLogs } from "../events/delivered-logs";
import { ContentError } from "../parser/content-error";
import { emptyCounts } from "../parser/counts";
import { parseLogs } from "../parser/parse-logs";
import { LineRecord } from "../records/line-record";
import { DEFAULT_MAX_LINE_BYTES } from "../settings";
import { type BatchSearch, Found } from "./batch-search";

/** Bytes of a log up to which its line is a record, be it written ever so wastefully, and no line over a limit. */
const SURE_BYTES = 64 * 1024;

/** Where one of so many records may match, it pays to read all of them in one go. */
const RECORDS_PER_FOUND = 4;

/** What a delivery holds, as far as it is looked at. */
export interface DeliveredBatch {
  readonly records: BatchRecords;
  readonly mayMatch?: MayMatch;
}

/**
 * The records of a delivery that monitors may match, each with its place among all. Where the search finds nothing no record is
 * made, and where it finds little only that, when it is looked at. What is no plain text on its way to a record is left to
 * the parser, with all else.
 *
 * @param object name of the input
 * @param search on the level "strings": a log is JSON in a string of JSON
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

/** Notes which lines may match. @param first place that the search found */
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

/** Records each of which is made when it is looked at. */
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
      // The log's own offset: that of its line among all would take the lines before it.
      record = new LineRecord(this.#logs.lineIn(start, end), { object: this.#object, line: index + 1, byte: start });
      this.#made.set(index, record);
    }
    return record;
  }
}

/**
 * Everything that a delivery holds, in its order: a line that is no record is looked at as a text, since what is not looked
 * at is silently missed.
 */
export async function recordsOf(logs: DeliveredLogs, object: string): Promise<RecordView[]> {
  const found: { readonly line: number; readonly record: RecordView }[] = [];
  const options = { object, check: "json", maxLineBytes: DEFAULT_MAX_LINE_BYTES } as const;
  try {
    for await (const { records, invalid } of parseLogs(logs, options, emptyCounts())) {
      for (const record of records) found.push({ line: record.place.line, record });
      for (const { place, raw } of invalid) found.push({ line: place.line, record: recordOfText(raw) });
    }
  } catch (error) {
    // Of a delivery without a single record all lines were handed out before.
    if (!(error instanceof ContentError)) throw error;
  }
  return found.sort((one, other) => one.line - other.line).map(({ record }) => record);
}
