import { compileLinePattern } from "../../rules/regex/javascript";
import type { Needed } from "../../rules";
import { needsOfPattern } from "../../rules/literals/needs";
import type { RedactKind } from "../settings";
import { NUMBER_HINTS, type Replace, replaceBankCards, replaceIdCards, replacePhones } from "./numbers";

/** A kind of data to be masked. */
export interface Kind {
  readonly name: string;
  readonly replace: Replace;
  /** Found in each line of JSON (bytes as characters) that contains a value of this kind, unless an escape hides it. */
  readonly hint?: Hint;
  /** Literals of which a line must contain one, if there is no hint; undefined if these are unknown, too. */
  readonly needs?: Needed;
  /** Whether a JSON number can be of this kind. */
  readonly isNumeric: boolean;
  /** Whether every value under that key is of this kind. */
  readonly ownsKey?: (key: string) => boolean;
}

/** Texts, at least one of which occurs, or a regular expression that matches; if both are given, either is enough. */
export interface Hint {
  readonly texts?: readonly string[];
  readonly source?: string;
}

/** Up to 64 characters before the at sign, which is percent-encoded in a query. */
const EMAIL = /[A-Za-z0-9._%+-]{1,64}(?:@|%40)(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g;

/** SecretIds begin with these letters; those of temporary keys are longer, and contain - and _. */
const SECRET_ID = /AKID[A-Za-z0-9_-]{13,}/g;

/** Names of secrets that can only be recognized by their name. */
const SECRET_NAME = "(?:secret|session|security)[_-]?(?:key|token)";
const SECRET_KEY = new RegExp(`${SECRET_NAME}$`, "i");
const NAMED_SECRET = new RegExp(
  `(${SECRET_NAME}\\\\*["']?\\s{0,4}[:=]\\s{0,4}\\\\*["']?)([A-Za-z0-9+/=_-]{16,})`,
  "gi",
);

const BUILT_IN: Readonly<Record<Exclude<RedactKind["type"], "pattern">, Omit<Kind, "name">>> = {
  tencentKeys: {
    hint: {
      texts: ["AKID"],
      source: `[sS][eE](?:[cC][rR][eE][tT]|[sS]{2}[iI][oO][nN]|[cC][uU][rR][iI][tT][yY])[_-]?[kKtT]`,
    },
    replace: (text, found) =>
      text
        .replace(SECRET_ID, found)
        // A masked value does not match, because it begins with a bracket.
        .replace(NAMED_SECRET, (_all, name: string) => name + found()),
    isNumeric: false,
    ownsKey: (key) => SECRET_KEY.test(key),
  },
  email: { hint: { texts: ["@", "%40"] }, replace: (text, found) => text.replace(EMAIL, found), isNumeric: false },
  idCard: { hint: { source: NUMBER_HINTS.idCard }, replace: replaceIdCards, isNumeric: true },
  bankCard: { hint: { source: NUMBER_HINTS.bankCard }, replace: replaceBankCards, isNumeric: true },
  phone: { hint: { source: NUMBER_HINTS.phone }, replace: replacePhones, isNumeric: true },
};

/** Earlier kinds mask first: a resident's number is not masked as a card, and a number in an address not as a phone. */
const ORDER: readonly string[] = Object.keys(BUILT_IN);

/** The kinds for some settings, in the order in which they mask. */
export function kindsOf(settings: readonly RedactKind[]): Kind[] {
  const builtIn = settings.flatMap((one) =>
    one.type === "pattern" ? [] : [{ name: one.type, ...BUILT_IN[one.type] }],
  );
  const patterns = settings.flatMap((one) => (one.type === "pattern" ? [patternKind(one)] : []));
  return [...builtIn.sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name)), ...patterns];
}

function patternKind({ flags, name, source }: Extract<RedactKind, { type: "pattern" }>): Kind {
  const regex = compileLinePattern(source, flags);
  return {
    name,
    needs: needsOfPattern(regex.pattern),
    isNumeric: true,
    replace: (text, found) => {
      let masked = "";
      let copied = 0;
      for (const { start, end } of regex.matches(text)) {
        if (end === start) continue;
        masked += text.slice(copied, start) + found();
        copied = end;
      }
      return copied === 0 ? text : masked + text.slice(copied);
    },
  };
}
