import type { Fields, FieldValue } from "../../records/contracts";
import type { PresetContentSettings } from "../../settings";
import { type ReadTime, timeReader } from "./times";

/** What the fields of a preset hold, by their names; the rest is text, or what JSON says. */
type FieldTypes = Pick<
  PresetContentSettings,
  "booleans" | "integers" | "none" | "numbers" | "times" | "timestamp" | "zone"
>;

/** Why a record cannot be read. Quotes nothing of it. */
export class FieldFault {
  constructor(readonly message: string) {}
}

/** A field's value of its type; a fault where it holds something else. */
type Convert = (value: FieldValue) => FieldValue | FieldFault;

const STAMP = "__TIMESTAMP__";

/** Makes of what a record holds the values of the types that its preset tells. */
export class TypedFields {
  /** How many whole numbers stayed texts, since no number of JavaScript's holds them, since it was asked for last. */
  bigNumbers = 0;
  readonly #converts = new Map<string, Convert>();
  readonly #none: ReadonlySet<unknown>;
  readonly #timestamp: string | undefined;

  constructor({ booleans = [], integers = [], none = [], numbers = [], times = {}, timestamp, zone }: FieldTypes) {
    for (const name of integers) this.#converts.set(name, (value) => this.#integer(value));
    for (const name of numbers) this.#converts.set(name, toNumber);
    for (const name of booleans) this.#converts.set(name, toBoolean);
    for (const [name, format] of Object.entries(times)) this.#converts.set(name, toTime(timeReader(format, zone)));
    this.#none = new Set(none);
    this.#timestamp = timestamp;
  }

  /** Names of the fields that are no texts. */
  get names(): readonly string[] {
    return [...this.#converts.keys()];
  }

  /**
   * The fields of a record; a fault names the one that holds something else.
   *
   * @param values in the order of the names, undefined where there is none
   */
  of(names: readonly string[], values: readonly (FieldValue | undefined)[]): Fields | FieldFault {
    const fields: Fields = {};
    for (let at = 0; at < names.length; at++) {
      const value = values[at];
      if (value === undefined || this.#none.has(value)) continue;
      const name = names[at];
      const typed = this.#converts.get(name)?.(value) ?? value;
      if (typed instanceof FieldFault) return new FieldFault(`${name} ${typed.message}`);
      if (name === "__proto__") Object.defineProperty(fields, name, { ...OWN, value: typed });
      else fields[name] = typed;
    }
    if (this.#timestamp === undefined) return fields;
    // What has no time of its own is of another layout.
    if (!Object.hasOwn(fields, this.#timestamp)) return new FieldFault(`${this.#timestamp} is missing`);
    if (!Object.hasOwn(fields, STAMP)) fields[STAMP] = fields[this.#timestamp];
    return fields;
  }

  #integer(value: FieldValue): FieldValue | FieldFault {
    if (typeof value === "number" && Number.isInteger(value)) return value;
    if (typeof value !== "string" || !/^[+-]?\d+$/.test(value)) return new FieldFault("is no whole number");
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    this.bigNumbers++;
    return value;
  }
}

/** How a property is that was assigned. */
const OWN = { configurable: true, enumerable: true, writable: true };

/** What nginx writes of a request that it sent to several servers: a number of each, or none. */
const SEVERAL = /^(?:[\d.]+|-)(?:(?:, | : )(?:[\d.]+|-))+$/;

function toNumber(value: FieldValue): FieldValue | FieldFault {
  if (typeof value === "number" || (typeof value === "string" && SEVERAL.test(value))) return value;
  const isOne = typeof value === "string" && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value);
  const number = Number(value);
  return isOne && Number.isFinite(number) ? number : new FieldFault("is no number");
}

function toBoolean(value: FieldValue): FieldValue | FieldFault {
  if (typeof value === "boolean") return value;
  const word = String(value).toLowerCase();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : new FieldFault("is neither true nor false");
}

function toTime(read: ReadTime): Convert {
  return (value) => {
    const isText = typeof value === "string" || typeof value === "number";
    return (isText ? read(String(value)) : undefined) ?? new FieldFault("is no time of its format");
  };
}
