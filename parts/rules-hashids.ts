import Hashids from "hashids";
import { textOf, textOption } from "../rules/functions/encoding/bytes";
import type { Implementations } from "../rules/run/implementation";
import { tryParseJson } from "../rules/run/json";
import { fail, isList, type Value } from "../rules/run/values";

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890";

/** Coders by their parameters: shuffling an alphabet takes longer than coding a number. */
const coders = new Map<string, Hashids>();
const MAX_CODERS = 100;
/** Maximum characters of a salt and of an alphabet, which an event can provide. */
const MAX_OPTION = 1000;
/** Maximum characters of a text with numbers; longer texts are not numbers. */
const MAX_TEXT = 65_536;

function coderOf(caller: string, salt: Value, minLength: Value, alphabet: Value) {
  const saltText = shortOption(caller, "salt", salt);
  const letters = shortOption(caller, "alphabet", alphabet ?? ALPHABET);
  if (typeof minLength !== "bigint" || minLength < 0n || minLength > 1000n)
    fail(`${caller} must get 0 to 1000 as min_length`);
  const id = JSON.stringify([saltText, Number(minLength), letters]);
  const known = coders.get(id);
  if (known) return known;
  if (coders.size >= MAX_CODERS) coders.clear();
  try {
    const coder = new Hashids(saltText, Number(minLength), letters);
    coders.set(id, coder);
    return coder;
  } catch {
    return fail(`${caller} must get at least 16 different characters, and no space, as alphabet`);
  }
}

function shortOption(caller: string, name: string, value: Value): string {
  const text = textOption(caller, name, value);
  if (text.length <= MAX_OPTION) return text;
  return fail(`${caller} must get ${MAX_OPTION} characters at most as ${name}, got ${text.length}`, name);
}

/** The numbers of an int, of a text with one, or of a list of them or its JSON; undefined if one is not a number. */
function numbersOf(value: Value): readonly bigint[] | undefined {
  const numbers = typeof value === "string" ? tryParseJson(value) : value;
  const list = isList(numbers) ? numbers : [numbers];
  return list.every((number): number is bigint => typeof number === "bigint" && number >= 0n) ? list : undefined;
}

export const implementations: Implementations = {
  hashids_encoding: {
    pure: (value: Value, salt: Value, minLength: Value, alphabet: Value) => {
      const coder = coderOf("hashids_encoding", salt, minLength, alphabet);
      if (value === null) return fail("hashids_encoding must get a number or a list of numbers, got None");
      return coder.encode([...(numbersOf(value) ?? [])]);
    },
  },

  hashids_decoding: {
    pure: (value: Value, salt: Value, minLength: Value, alphabet: Value) => {
      const coder = coderOf("hashids_decoding", salt, minLength, alphabet);
      const text = textOf("hashids_decoding", value);
      if (text.length > MAX_TEXT) return [];
      try {
        return coder.decode(text).map(BigInt);
      } catch {
        return [];
      }
    },
  },
};
