import type { Fields, FieldValue } from "../../records/contracts";
import type { PresetContentSettings } from "../../settings";
import { type ReadTime, timeReader } from "./times";

/** The types of a preset's fields, by name. All other fields are text, or have their JSON type. */
type FieldTypes = Pick<
  PresetContentSettings,
  "booleans" | "integers" | "none" | "numbers" | "times" | "timestamp" | "zone"
>;

/** Why a record cannot be read. It quotes nothing of the record. */
export class FieldFault {
  constructor(readonly message: string) {}
}

/** Converts a field's value to its type; returns a fault if the value does not have that type. */
type Convert = (value: FieldValue) => FieldValue | FieldFault;

const STAMP = "__TIMESTAMP__";

/** Converts the values of a record to the types that its preset defines. */
export class TypedFields {
  /** Number of integers that stayed text because JavaScript cannot represent them, since it was last read. */
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

  /** Names of the fields that are not text. */
  get names(): readonly string[] {
    return [...this.#converts.keys()];
  }

  /**
   * Returns the fields of a record, or a fault that names the field with a wrong value.
   *
   * @param values values in the order of the names, undefined for missing ones
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
    // A record without its own time has another layout.
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

/** Descriptor of an ordinary assigned property. */
const OWN = { configurable: true, enumerable: true, writable: true };

/** nginx's value for a request that it sent to several servers: one number, or none, for each. */
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
