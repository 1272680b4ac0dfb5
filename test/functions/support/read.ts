import { emptyCounts } from "../../../functions/parser/counts";
import { parse, type ParseOptions } from "../../../functions/parser/parse";
import type { LogRecord } from "../../../functions/records/contracts";
import { collect, sourceOf } from "./bytes";

export const OBJECT = "cos://logs-1/a.gz";

/** All observable results of reading an input. */
export async function read(input: string | Iterable<Uint8Array | Error>, options: Partial<ParseOptions> = {}) {
  const counts = emptyCounts();
  const all = { object: OBJECT, check: "json" as const, maxLineBytes: 1000, ...options };
  const source = sourceOf(typeof input === "string" ? [Buffer.from(input)] : input);
  const { items, error } = await collect(parse(source, all, counts));
  return {
    records: items.flatMap(({ records }) => records).map(shown),
    invalid: items.flatMap(({ invalid }) => invalid).map(({ reason, ...line }) => ({ ...placed(line), reason })),
    counts,
    error: error as Error | undefined,
  };
}

function shown(record: LogRecord) {
  return { ...placed(record), fields: record.fields };
}

/** Raw bytes as Latin-1: jest compares strings quickly, and every byte is preserved. */
function placed({ raw, place }: Pick<LogRecord, "raw" | "place">) {
  return { raw: Buffer.from(raw).toString("latin1"), line: place.line, byte: place.byte };
}
