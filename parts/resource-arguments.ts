import { textOption } from "../rules/functions/encoding/bytes";
import { fail, typeName, type Value } from "../rules/run/values";

/** An argument with the name of its parameter. */
type Named = readonly [name: string, value: Value];

/** Explicit keys; without them, the function's role is used. */
export interface Keys {
  readonly secretId?: string;
  readonly secretKey?: string;
}

/** Reads the arguments of a call that loads a resource, and fails for invalid ones; messages never quote keys. */
export class ResourceArguments {
  /** @param call the function of the rule language */
  constructor(private readonly call: string) {}

  /** An empty text if there is none. */
  optionalText(name: string, value: Value): string {
    return value === null ? "" : textOption(this.call, name, value);
  }

  text(name: string, value: Value): string {
    const text = this.optionalText(name, value);
    return text === "" ? fail(`${this.call} must get a text as ${name}, got ${typeName(value)}`, name) : text;
  }

  /**
   * Both keys or none: with a single one, the wrong account would answer.
   *
   * @param none how a call gives none
   */
  keys([idName, id]: Named, [keyName, key]: Named, none: string): Keys {
    const [secretId, secretKey] = [this.optionalText(idName, id), this.optionalText(keyName, key)];
    if ((secretId === "") !== (secretKey === "")) {
      fail(
        `${this.call} must get ${idName} and ${keyName} or none of them, got one; ${none} it reads as the function's role`,
        secretId === "" ? keyName : idName,
      );
    }
    return secretId === "" ? {} : { secretId, secretKey };
  }

  /** Converts seconds. */
  milliseconds(name: string, value: Value): number {
    const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    const isNumber = typeof seconds === "bigint" || typeof seconds === "number";
    if (!isNumber || !(Number(seconds) >= 0)) {
      fail(`${this.call} must get seconds from 0 as ${name}, got ${typeName(value)}`, name);
    }
    return Number(seconds) * 1000;
  }
}
