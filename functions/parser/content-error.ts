/** Content that cannot be read to its end, however often it is fetched. */
export class ContentError extends Error {
  override readonly name = "ContentError";

  /** @param bytes how many bytes of the stored object were understood */
  constructor(
    readonly code: "GZIP_TRUNCATED" | "GZIP_CORRUPT" | "GZIP_BOMB" | "NOT_GZIP" | "CSV_HEADER",
    message: string,
    readonly bytes: number,
  ) {
    super(message);
  }
}
