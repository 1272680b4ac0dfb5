import type { Kind } from "./kinds";

/** How often something of each kind was masked, by the kind's name. */
export type RedactCounts = Record<string, number>;

/**
 * Characters that a text in a text may write as escapes of JSON, however deep. A quote and a backslash stay: without their
 * escapes the inner JSON would be another.
 */
const ESCAPED = /\\+u00([2-7][0-9a-fA-F])/g;

/** Masks what is found of some kinds in single texts and numbers, and counts it. */
export class Masker {
  readonly #kinds: readonly Kind[];
  readonly #numeric: readonly Kind[];
  readonly #owners: readonly Kind[];

  constructor(kinds: readonly Kind[]) {
    this.#kinds = kinds;
    this.#numeric = kinds.filter(({ isNumeric }) => isNumeric);
    this.#owners = kinds.filter(({ ownsKey }) => ownsKey !== undefined);
  }

  /** A text, masked; the same where nothing is found. @param key under which it stands in an object */
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

  /** What takes the place of a number of JSON; undefined where it stays. */
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

/** The digits of a number that is written as a power or with a fraction of zeros. */
function wholeNumber(token: string): string | undefined {
  if (!/[.eE]/.test(token)) return undefined;
  const number = Number(token);
  return Number.isInteger(number) && Math.abs(number) < 1e21 ? String(number) : undefined;
}
