import type { LogRecord, Place } from "./contracts";
import { MadeRecord } from "./made-record";

/** What the output `invalid` receives of a line: `{ reason, object, line, byte, text }`. */
export function invalidRecord({
  raw,
  place,
  reason,
}: {
  readonly raw: Uint8Array;
  readonly place: Place;
  readonly reason: string;
}): LogRecord {
  const { object, line, byte } = place;
  return new MadeRecord(place, { reason, object, line, byte, text: Buffer.from(raw).toString() });
}
