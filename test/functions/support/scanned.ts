import { emptyCounts } from "../../../functions/parser/counts";
import { parse } from "../../../functions/parser/parse";
import type { Batch, OutgoingRecord } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import { sourceOf } from "./bytes";

/** The records of a text, with fields that are read from their positions. */
export async function batchesOf(text: string): Promise<Batch[]> {
  const options = { object: "cos://logs-1/a.gz", check: "json", maxLineBytes: 1024 * 1024 } as const;
  const batches: Batch[] = [];
  for await (const { records } of parse(sourceOf([Buffer.from(text)]), options, emptyCounts())) batches.push(records);
  return batches;
}

/** The same record as a line, of which everything is parsed. */
export function asLine({ raw, place }: OutgoingRecord): OutgoingRecord {
  return new LineRecord(Buffer.from(raw), place);
}
