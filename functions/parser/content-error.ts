import type { ParseCounts } from "./counts";

/** What is wrong with content. Notes and alarms use these codes; docs/parser.md describes each. */
export type ContentErrorCode =
  | "GZIP_TRUNCATED"
  | "GZIP_CORRUPT"
  | "GZIP_BOMB"
  | "PACKED_TRUNCATED"
  | "PACKED_CORRUPT"
  | "NOT_GZIP"
  | "WRONG_CONTENT"
  | "NO_RECORDS"
  | "CSV_HEADER"
  | "JSON_TRUNCATED"
  | "START_PATTERN";

/** Content that cannot be read to its end, however often it is fetched. The message quotes nothing of the content. */
export class ContentError extends Error {
  override readonly name = "ContentError";

  /** @param bytes number of bytes of the stored object that were understood */
  constructor(
    readonly code: ContentErrorCode,
    message: string,
    readonly bytes: number,
  ) {
    super(message);
  }
}

/** An input that has lines but no record, and at least one invalid line. @param wanted what it should contain */
export function noRecords(wanted: string, { invalid }: Readonly<ParseCounts>): ContentError {
  const message = `the content must hold ${wanted}, got no record and ${invalid} invalid`;
  return new ContentError("NO_RECORDS", `${message}; set content to what the object holds, or upload it anew`, 0);
}
