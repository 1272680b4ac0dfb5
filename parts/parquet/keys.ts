import { isUtf8 } from "node:buffer";

/** Maximum cached keys; others are parsed each time. */
const MOST_KEYS = 4000;

/** A key as written in lines. */
export interface Key {
  /** With its quotes. */
  readonly bytes: Buffer;
  /** Its name; undefined if it is not valid text. */
  readonly name: string | undefined;
  /** Counted from 0; -1 if it is not cached. */
  readonly id: number;
  /** Whether it is the key of the record's time. */
  readonly isTime: boolean;
  /** The key that followed it the last time. */
  next: Key | undefined;
}

/** The keys of a line. */
interface KeyList {
  readonly keys: readonly Key[];
  /** Index of the key of the record's time; -1 if there is none. */
  readonly time: number;
}

/** The keys of an input's lines. Most lines have the same keys as the previous one, in the same order. */
export class Keys {
  readonly #timeField: string;
  readonly #known = new Map<string, Key>();
  #first: Key | undefined;
  #lastNames: readonly string[] | undefined;
  #lastList: KeyList = { keys: [], time: -1 };

  constructor(timeField: string) {
    this.#timeField = timeField;
  }

  /**
   * The keys for names from the scanner, which returns the same list for lines with the same names; without duplicates and
   * escapes.
   */
  of(names: readonly string[]): KeyList {
    if (names === this.#lastNames) return this.#lastList;
    const keys = names.map((name) => {
      const bytes = Buffer.from(`"${name}"`);
      return this.#keyOf(bytes.toString("latin1"), bytes);
    });
    this.#lastNames = names;
    return (this.#lastList = { keys, time: keys.findIndex(({ isTime }) => isTime) });
  }

  /** The key that will probably follow. @param last the key before it in the line */
  behind(last: Key | undefined): Key | undefined {
    return last === undefined ? this.#first : last.next;
  }

  find(line: Buffer, start: number, end: number, last: Key | undefined): Key {
    const text = line.toString("latin1", start, end);
    const key = this.#keyOf(text, line.subarray(start, end));
    if (last === undefined) this.#first = key;
    else last.next = key;
    return key;
  }

  /** @param text one character per byte */
  #keyOf(text: string, bytes: Buffer): Key {
    return this.#known.get(text) ?? this.#make(text, Buffer.from(bytes));
  }

  #make(text: string, bytes: Buffer): Key {
    const name = isUtf8(bytes) ? (JSON.parse(bytes.toString()) as string) : undefined;
    const isKept = this.#known.size < MOST_KEYS;
    const id = isKept ? this.#known.size : -1;
    const key = { bytes, name, id, isTime: name === this.#timeField, next: undefined };
    if (isKept) this.#known.set(text, key);
    return key;
  }
}
