import type { OutgoingRecord, Place } from "./contracts";

/** The properties that every record has: the bytes of its line, and its place. */
export interface RawRecord {
  readonly raw: Uint8Array;
  readonly place: Place;
}

/**
 * A record as it was read, even if user code has put something over its properties since. Never throws. If its class
 * cannot return its bytes either, only the place remains.
 */
export function asRead(record: OutgoingRecord): RawRecord {
  return {
    raw: read(record, "raw", (value) => value instanceof Uint8Array) ?? new Uint8Array(),
    place: read(record, "place", isPlace) ?? { object: "unknown", line: 0, byte: 0 },
  };
}

/** Whether a value is a place from which outputs can create keys and ids. */
export function isPlace(value: unknown): boolean {
  const { object, line, byte } = (value ?? {}) as Partial<Place>;
  return typeof object === "string" && Number.isSafeInteger(line) && Number.isSafeInteger(byte);
}

/** The first valid value of a property: the record's own, or that of its class, which an own property hides. */
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
      // Try the next one.
    }
  }
  return undefined;
}
