import type { ClsRecord } from "./record";

/** Format of a shipper's JSON lines. */
export interface LineFormat {
  /** The metadata fields to include: `__TIMESTAMP__`, `__SOURCE__`, `__FILENAME__`, `__HOSTNAME__`. */
  readonly metaFields: readonly string[];
  /** Whether to include `__TAG__`. */
  readonly enableTag: boolean;
}

/**
 * A record as CLS ships it to COS: one JSON object without a line end, metadata first, all log values as strings, the
 * time in milliseconds. Fact: docs/design/facts/runtime.md#shipping-to-cos, where the layout of tags is unverified.
 */
export function shippedLine(record: ClsRecord, format: LineFormat): string {
  const meta = {
    __TIMESTAMP__: record.time,
    __SOURCE__: record.source ?? "",
    __FILENAME__: record.filename ?? "",
    __HOSTNAME__: "",
  };
  const written = Object.entries(meta).filter(([name]) => format.metaFields.includes(name));
  const tags = format.enableTag ? { __TAG__: record.tags ?? {} } : {};
  return JSON.stringify({ ...Object.fromEntries(written), ...tags, ...record.contents });
}
