import type { OutgoingRecord, Place } from "./contracts";
import { jsonLine, LineRecord } from "./line-record";

/** What the output `invalid` receives of a line: `{ reason, object, line, byte, text }`. */
export function invalidRecord({
  raw,
  place,
  reason,
}: {
  readonly raw: Uint8Array;
  readonly place: Place;
  readonly reason: string;
}): OutgoingRecord {
  const { object, line, byte } = place;
  return new LineRecord(jsonLine({ reason, object, line, byte, text: Buffer.from(raw).toString() }), place);
}
