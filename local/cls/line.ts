import type { ClsRecord } from "./record";

/** How a shipper writes records as JSON lines. */
export interface LineFormat {
  /** `__TIMESTAMP__`, `__SOURCE__`, `__FILENAME__`, `__HOSTNAME__`: those that are written. */
  readonly metaFields: readonly string[];
  /** Whether `__TAG__` is written. */
  readonly enableTag: boolean;
}

/**
 * A record as CLS ships it to COS: one JSON object without a line end, metadata first, all values of the log strings, the
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
