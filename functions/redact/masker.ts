import type { Kind } from "./kinds";

/** Number of masked values by the kind's name. */
export type RedactCounts = Record<string, number>;

/**
 * Characters that JSON text nested in a text can contain as escapes, at any depth. Quotes and backslashes stay escaped,
 * because the nested JSON would change without their escapes.
 */
const ESCAPED = /\\+u00([2-7][0-9a-fA-F])/g;

/** Masks and counts values of some kinds in single texts and numbers. */
export class Masker {
  readonly #kinds: readonly Kind[];
  readonly #numeric: readonly Kind[];
  readonly #owners: readonly Kind[];

  constructor(kinds: readonly Kind[]) {
    this.#kinds = kinds;
    this.#numeric = kinds.filter(({ isNumeric }) => isNumeric);
    this.#owners = kinds.filter(({ ownsKey }) => ownsKey !== undefined);
  }

  /** The masked text; unchanged if nothing is found. @param key its key in an object */
  text(text: string, counts: RedactCounts, key?: string): string {
    if (key !== undefined && text !== "") {
      const owner = this.#owners.find(({ ownsKey }) => ownsKey?.(key));
      if (owner) return maskOf(owner, counts);
    }
    if (!text.includes("\\u00")) return replaced(text, this.#kinds, counts);
    const revealed = text.replace(ESCAPED, (escape, hex: string) => {
      const character = String.fromCharCode(parseInt(hex, 16));
      return character === '"' || character === "\\" ? escape : character;
    });
    const masked = replaced(revealed, this.#kinds, counts);
    return masked === revealed ? text : masked;
  }

  /** Replacement for a JSON number; undefined if it stays unchanged. */
  number(token: string, counts: RedactCounts): string | undefined {
    const text = wholeNumber(token) ?? token;
    const masked = replaced(text, this.#numeric, counts);
    return masked === text ? undefined : masked;
  }
}

function replaced(text: string, kinds: readonly Kind[], counts: RedactCounts): string {
  let masked = text;
  for (const kind of kinds) masked = kind.replace(masked, () => maskOf(kind, counts));
  return masked;
}

function maskOf({ name }: Kind, counts: RedactCounts): string {
  counts[name] = (counts[name] ?? 0) + 1;
  return `[${name}]`;
}

/** The digits of an integer that is written with an exponent or a fraction of zeros. */
function wholeNumber(token: string): string | undefined {
  if (!/[.eE]/.test(token)) return undefined;
  const number = Number(token);
  return Number.isInteger(number) && Math.abs(number) < 1e21 ? String(number) : undefined;
}
