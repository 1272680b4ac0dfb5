import { recordOfText, type RecordView } from "../../../monitor";
import type { ClsEvent } from "../../events/cls-event";
import { ContentError } from "../../parser/content-error";
import { emptyCounts } from "../../parser/counts";
import { parseLogs } from "../../parser/parse-logs";
import { DEFAULT_MAX_LINE_BYTES } from "../../settings";

/**
 * Everything that a delivery holds, in its order: a line that is no record is looked at as a text, since what is not looked
 * at is silently missed.
 */
export async function recordsOf(event: ClsEvent): Promise<RecordView[]> {
  const found: { readonly line: number; readonly record: RecordView }[] = [];
  const options = { object: event.topicId, check: "json", maxLineBytes: DEFAULT_MAX_LINE_BYTES } as const;
  try {
    for await (const { records, invalid } of parseLogs(event.logs, options, emptyCounts())) {
      for (const record of records) found.push({ line: record.place.line, record });
      for (const { place, raw } of invalid) found.push({ line: place.line, record: recordOfText(raw) });
    }
  } catch (error) {
    // Of a delivery without a single record all lines were handed out before.
    if (!(error instanceof ContentError)) throw error;
  }
  return found.sort((one, other) => one.line - other.line).map(({ record }) => record);
}
