import { compileLinePattern } from "../../rules/regex/javascript";
import type { Needed } from "../../rules";
import { needsOfPattern } from "../../rules/literals/needs";
import type { RedactKind } from "../settings";
import { NUMBER_HINTS, type Replace, replaceBankCards, replaceIdCards, replacePhones } from "./numbers";

/** What is looked for. */
export interface Kind {
  readonly name: string;
  readonly replace: Replace;
  /** What each line of JSON holds, its bytes as characters, whose texts hold one, unless an escape hides it. */
  readonly hint?: Hint;
  /** What the bytes of a line must hold, where there is no hint; undefined where that is not known either. */
  readonly needs?: Needed;
  /** Whether it may be a number of JSON. */
  readonly isNumeric: boolean;
  /** Whether the value under that key is one, whatever it holds. */
  readonly ownsKey?: (key: string) => boolean;
}

/** Texts of which one at least is there, or a regular expression that finds something; of both any will do. */
export interface Hint {
  readonly texts?: readonly string[];
  readonly source?: string;
}

/** Up to 64 characters stand before the sign, which an address in a query has percent-encoded. */
const EMAIL = /[A-Za-z0-9._%+-]{1,64}(?:@|%40)(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g;

/** SecretIds begin with these letters; those of temporary keys are longer, and hold - and _. */
const SECRET_ID = /AKID[A-Za-z0-9_-]{13,}/g;

/** What a secret is called of which only the name tells that it is one. */
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
        // What is masked already has no bracket that the value could begin with.
        .replace(NAMED_SECRET, (_all, name: string) => name + found()),
    isNumeric: false,
    ownsKey: (key) => SECRET_KEY.test(key),
  },
  email: { hint: { texts: ["@", "%40"] }, replace: (text, found) => text.replace(EMAIL, found), isNumeric: false },
  idCard: { hint: { source: NUMBER_HINTS.idCard }, replace: replaceIdCards, isNumeric: true },
  bankCard: { hint: { source: NUMBER_HINTS.bankCard }, replace: replaceBankCards, isNumeric: true },
  phone: { hint: { source: NUMBER_HINTS.phone }, replace: replacePhones, isNumeric: true },
};

/** What comes first masks first: a number that is a resident's is no card, and one in an address no phone. */
const ORDER: readonly string[] = Object.keys(BUILT_IN);

/** The kinds of some settings, in the order in which they mask. */
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
