import type { OutgoingRecord, Place } from "./contracts";

/** A record without what only some have: the bytes of its line, and where that stands. */
export interface RawRecord {
  readonly raw: Uint8Array;
  readonly place: Place;
}

/**
 * A record as it was read, whatever user code has put over its properties since; never throws. Where even its class
 * cannot tell its bytes, the place is all that is left of it.
 */
export function asRead(record: OutgoingRecord): RawRecord {
  return {
    raw: read(record, "raw", (value) => value instanceof Uint8Array) ?? new Uint8Array(),
    place: read(record, "place", isPlace) ?? { object: "unknown", line: 0, byte: 0 },
  };
}

/** Whether a value is a place that outputs can make keys and ids of. */
export function isPlace(value: unknown): boolean {
  const { object, line, byte } = (value ?? {}) as Partial<Place>;
  return typeof object === "string" && Number.isSafeInteger(line) && Number.isSafeInteger(byte);
}

/** A property that passes: the record's own, or else that of its class, which a property of its own hides. */
function read<Name extends "raw" | "place">(
  record: OutgoingRecord,
  name: Name,
  passes: (value: unknown) => boolean,
): OutgoingRecord[Name] | undefined {
  const readers = [
    () => record[name],
    () => Reflect.get(Object.getPrototypeOf(record) as object, name, record) as OutgoingRecord[Name],
  ];
  for (const readOne of readers) {
    try {
      const value = readOne();
      if (passes(value)) return value;
    } catch {
      // The next one may know it.
    }
  }
  return undefined;
}
