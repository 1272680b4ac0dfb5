import { RowFailure } from "./values";

const SPACES = "\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

/** Java's classes: for ASCII, and with the flag `U` for Unicode. */
const CLASSES: Readonly<Record<string, readonly [ascii: string, unicode: string]>> = {
  d: ["0-9", "\\p{Nd}"],
  w: ["a-zA-Z0-9_", "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d"],
  s: ["\\t\\n\\u000b\\f\\r ", SPACES],
  h: [
    " \\t\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000",
    " \\t\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000",
  ],
};
const POSIX: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Space: "\\t\\n\\u000b\\f\\r ",
};
const LINE_ENDS = { unix: "\\n", any: "\\n\\r\\u0085\\u2028\\u2029" };

const known = new Map<string, RegExp>();

/** Converts a Java pattern to JavaScript, with the flags `g` and `u`. Fails if there is no equivalent. */
export function javaPattern(pattern: string): RegExp {
  const found = known.get(pattern) ?? translate(pattern);
  known.set(pattern, found);
  found.lastIndex = 0;
  return found;
}

/** Whether the whole text matches. */
export function matchesWhole(pattern: string, text: string): boolean {
  const [prefix, rest] = flagsOf(pattern);
  return javaPattern(`${prefix}\\A(?:${rest})\\z`).test(text);
}

function flagsOf(pattern: string): [prefix: string, rest: string] {
  const [prefix = ""] = /^\(\?[a-zA-Z]+\)/.exec(pattern) ?? [];
  return [prefix, pattern.slice(prefix.length)];
}

function translate(pattern: string): RegExp {
  const [prefix, rest] = flagsOf(pattern);
  const given = new Set(prefix.slice(2, -1));
  for (const flag of given) if (!/[dimsuU]/.test(flag)) throw refused(pattern, `the flag ${flag}`);
  const translator = new Translator(rest, given.has("U"), given.has("d") ? LINE_ENDS.unix : LINE_ENDS.any, pattern);
  const flags = [...given].filter((flag) => /[ims]/.test(flag)).join("");
  try {
    return new RegExp(translator.translate(given.has("s"), given.has("m")), `gu${flags}`);
  } catch (error) {
    if (error instanceof RowFailure) throw error;
    throw refused(pattern, (error as Error).message);
  }
}

class Translator {
  constructor(
    private readonly source: string,
    private readonly isUnicode: boolean,
    private readonly lineEnds: string,
    private readonly pattern: string,
  ) {}

  translate(isDotAll: boolean, isMultiline: boolean): string {
    const { lineEnds } = this;
    const end = "(?![^])";
    const tokens = /\\Q([^]*?)(?:\\E|$)|\\(?:p\{\w+\}|P\{\w+\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^])|\[|[^]/g;
    let out = "";
    for (let found = tokens.exec(this.source); found; found = tokens.exec(this.source)) {
      const [token, literal] = found;
      if (literal !== undefined) out += literal.replace(/[\\^$.*+?()[\]{}|/-]/g, (one) => escapeOf(one));
      else if (token === "[") {
        const [text, next] = this.charClass(tokens.lastIndex);
        out += text;
        tokens.lastIndex = next;
      } else if (token === ".") out += isDotAll ? "[^]" : `[^${lineEnds}]`;
      else if (token === "^" && !isMultiline) out += "(?<![^])";
      else if (token === "$" && !isMultiline)
        out += `(?=(?:${lineEnds === "\\n" ? "\\n" : `\\r\\n|[${lineEnds}]`})?${end})`;
      else if (token === "\\A") out += "(?<![^])";
      else if (token === "\\z") out += end;
      else if (token === "\\Z") out += `(?=\\n?${end})`;
      else if (token === "\\b" || token === "\\B") out += this.boundary(token === "\\B");
      else if (token.startsWith("\\")) out += this.escape(token, false);
      else if (
        token === "+" &&
        /[*+?}]$/.test(this.source.slice(0, found.index)) &&
        !/\\.$/.test(this.source.slice(0, found.index))
      )
        throw refused(this.pattern, "possessive quantifiers");
      else out += token === "}" || token === "]" ? this.closing(token, out) : token;
    }
    return out;
  }

  /** A brace that does not end a quantifier is literal. */
  private closing(token: string, before: string): string {
    return token === "}" && /\{\d+(?:,\d*)?$/.test(before) ? token : `\\${token}`;
  }

  private boundary(isNot: boolean): string {
    const word = `[${CLASSES.w[this.isUnicode ? 1 : 0]}]`;
    const [here, there] = [`(?<=${word})(?!${word})`, `(?<!${word})(?=${word})`];
    return isNot ? `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))` : `(?:${here}|${there})`;
  }

  private charClass(start: number): [text: string, next: number] {
    const tokens = /\\(?:[pP]\{\w+\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^])|[^]/g;
    tokens.lastIndex = start;
    let out = "[";
    if (this.source[start] === "^") {
      out = "[^";
      tokens.lastIndex++;
    }
    for (let found = tokens.exec(this.source); found; found = tokens.exec(this.source)) {
      const [token] = found;
      if (token === "]") return [`${out}]`, tokens.lastIndex];
      if (token === "[" || (token === "&" && this.source[tokens.lastIndex] === "&")) {
        throw refused(this.pattern, "classes inside of classes");
      }
      if (token.startsWith("\\")) out += this.escape(token, true);
      else out += /[/(){}|$]/.test(token) ? `\\${token}` : token;
    }
    throw refused(this.pattern, "a class without an end");
  }

  private escape(token: string, isInClass: boolean): string {
    const name = token[1];
    const posix = POSIX[/^\\[pP]\{(?:Is)?(\w+)\}$/.exec(token)?.[1] ?? ""];
    if (posix !== undefined) return isInClass && name === "p" ? posix : `[${name === "P" ? "^" : ""}${posix}]`;
    if (/^\\[pP]\{|^\\[xu]./.test(token)) return token;
    const members = CLASSES[name.toLowerCase()]?.[this.isUnicode ? 1 : 0];
    if (members !== undefined && /[dwsh]/i.test(name)) {
      if (name === name.toLowerCase()) return isInClass ? members : `[${members}]`;
      if (isInClass && /[DWS]/.test(name) && !this.isUnicode) return token;
      if (isInClass) throw refused(this.pattern, `${token} inside of a class with the flag U`);
      return `[^${members}]`;
    }
    if (/[tnrf]|[1-9k]/.test(name)) return token;
    if (/[a-zA-Z]/.test(name)) throw refused(this.pattern, token);
    return escapeOf(name);
  }
}

/** A literal character; in JavaScript, characters that need no escape must not have one. */
function escapeOf(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}`.replace("\\-", "\\x2d") : character;
}

function refused(pattern: string, what: string): RowFailure {
  return new RowFailure(`${JSON.stringify(pattern)} holds what the local cloud cannot run: ${what}`);
}
