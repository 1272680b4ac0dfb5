import type { RawRecord } from "./as-read";
import type { OutgoingRecord } from "./contracts";
import { jsonLine, LineRecord } from "./line-record";

/** The record that the output `invalid` receives for a line: `{ reason, object, line, byte, text }`. */
export function invalidRecord({ raw, place, reason }: RawRecord & { readonly reason: string }): OutgoingRecord {
  const { object, line, byte } = place;
  return new LineRecord(jsonLine({ reason, object, line, byte, text: Buffer.from(raw).toString() }), place);
}
