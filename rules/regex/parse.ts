import { ANY, ANY_BUT_NEWLINE, CharSet } from "./charset";
import { type FlagName, type Flags, foldOf, isFlag, NO_FLAGS } from "./flags";
import { takeCategory, takeCharacterEscape, takeClass } from "./parse-escape";
import { Reader } from "./reader";
import { RegexError } from "./regex";
import { EMPTY, type Assertion, type Node, type Syntax } from "./syntax";
import { widthOf } from "./width";

/** Maximum nesting. Real patterns stay below, and walking the tree uses the stack. */
const DEEPEST = 200;

/**
 * Parses a pattern of Python's `re`. In addition to Python's syntax, names of groups can contain any characters and be
 * repeated, as in grok, and `(?<name>...)` is accepted. Throws a `RegexError` with the position.
 */
export function parseRegex(pattern: string): Syntax {
  let flags = NO_FLAGS;
  for (;;) {
    const parser = new Parser(pattern, flags);
    const syntax = parser.parse();
    // Flags apply to the whole pattern wherever they are, so a late flag requires parsing it again.
    if (!parser.foundFlags) return syntax;
    flags = parser.foundFlags;
  }
}

/** What the flag `x` ignores. */
const VERBOSE_SPACE = /(?:[ \t\n\r\v\f]|#[^\n]*)+/y;

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: "textStart",
  Z: "textEnd",
  b: "boundary",
  B: "noBoundary",
};

class Parser {
  /** The flags that the pattern sets, if they are more than those it is parsed with. */
  foundFlags?: Flags;
  readonly #reader: Reader;
  readonly #groupNames = new Map<string, number>();
  readonly #openGroups = new Set<number>();
  #groupCount = 0;
  #depth = 0;

  constructor(
    pattern: string,
    readonly flags: Flags,
  ) {
    this.#reader = new Reader(pattern);
  }

  parse(): Syntax {
    const root = this.#choice(this.flags);
    if (!this.#reader.atEnd)
      throw new RegexError("the pattern has a ) that no ( opens; write \\) for the character", this.#reader.position);
    return { root, groupCount: this.#groupCount, groupNames: this.#groupNames };
  }

  #choice(flags: Flags): Node {
    if (++this.#depth > DEEPEST)
      throw new RegexError(`groups must nest ${DEEPEST} deep at most; take some out`, this.#reader.position);
    const options: Node[] = [];
    do options.push(this.#sequence(flags));
    while (this.#reader.take("|"));
    this.#depth--;
    return options.length === 1 ? options[0] : { kind: "choice", options };
  }

  #sequence(flags: Flags): Node {
    const reader = this.#reader;
    const items: Node[] = [];
    for (;;) {
      if (flags.x) reader.takeMatch(VERBOSE_SPACE);
      if (reader.atEnd || reader.peek() === "|" || reader.peek() === ")") break;
      const start = reader.position;
      const item = this.#item(flags);
      if (item) items.push(this.#repeated(item, start, flags));
    }
    return items.length === 1 ? items[0] : { kind: "sequence", items };
  }

  #item(flags: Flags): Node | undefined {
    const start = this.#reader.position;
    const character = this.#reader.next();
    switch (character) {
      case "\\":
        return this.#escape(start, flags);
      case "[": {
        const { items, negated } = takeClass(this.#reader, flags.a);
        return { kind: "set", set: CharSet.of(items, negated, foldOf(flags)) };
      }
      case ".":
        return { kind: "set", set: flags.s ? ANY : ANY_BUT_NEWLINE };
      case "^":
        return assertion(flags.m ? "lineStart" : "textStart", flags);
      case "$":
        return assertion(flags.m ? "lineEnd" : "end", flags);
      case "(":
        return this.#group(start, flags);
      case "*":
      case "+":
      case "?":
        throw new RegexError(
          `the pattern has a ${character} with nothing before it to repeat; write \\${character} for the character`,
          start,
        );
      default:
        if (character === "{") this.#refuseCount(start);
        return { kind: "set", set: CharSet.single(character.codePointAt(0) as number, foldOf(flags)) };
    }
  }

  #escape(start: number, flags: Flags): Node {
    const reader = this.#reader;
    const category = takeCategory(reader, flags.a);
    if (category) return { kind: "set", set: CharSet.of([category]) };
    const found = Object.hasOwn(ASSERTIONS, reader.peek()) ? ASSERTIONS[reader.next()] : undefined;
    if (found) return assertion(found, flags);
    // Three octal digits are a character, one or two digits the number of a group.
    if (!/^[0-7]{3}/.test(reader.text.slice(reader.position, reader.position + 3))) {
      const digits = reader.takeMatch(/[1-9][0-9]?/y);
      if (digits) return this.#reference(Number(digits[0]), start, flags);
    }
    return { kind: "set", set: CharSet.single(takeCharacterEscape(reader, start), foldOf(flags)) };
  }

  #reference(index: number, start: number, flags: Flags): Node {
    if (index > this.#groupCount)
      throw new RegexError(`the pattern refers to the group ${index}, which does not stand before`, start);
    if (this.#openGroups.has(index))
      throw new RegexError(`the pattern refers to the group ${index} inside of it`, start);
    return { kind: "reference", index, ignoreCase: flags.i, offset: start };
  }

  #group(start: number, flags: Flags): Node | undefined {
    const reader = this.#reader;
    if (!reader.take("?")) return this.#capture(start, flags);
    if (reader.take("#")) {
      reader.until(")", "the pattern has a comment that no ) closes");
      return undefined;
    }
    if (reader.take(":")) return this.#closed(start, flags);
    if (reader.take("P="))
      return this.#reference(
        this.#numberOf(reader.until(")", "the pattern has a (?P= that no ) closes"), start),
        start,
        flags,
      );
    if (reader.take("=")) return this.#look(start, flags, false, false);
    if (reader.take("!")) return this.#look(start, flags, false, true);
    if (reader.take("<=")) return this.#look(start, flags, true, false);
    if (reader.take("<!")) return this.#look(start, flags, true, true);
    if (reader.take("P<") || reader.take("<")) return this.#capture(start, flags, this.#name(start));
    if (reader.take(">"))
      return { kind: "atomic", what: "an atomic group (?>", body: this.#closed(start, flags), offset: start };
    if (reader.take("(")) return this.#condition(start, flags);
    return this.#flagGroup(start, flags);
  }

  #name(start: number): string {
    const name = this.#reader.until(">", "the pattern has a name of a group that no > closes");
    if (name === "") throw new RegexError("the pattern has a group with an empty name", start);
    return name;
  }

  #capture(start: number, flags: Flags, name?: string): Node {
    const known = name === undefined ? undefined : this.#groupNames.get(name);
    const index = known ?? ++this.#groupCount;
    if (name !== undefined) this.#groupNames.set(name, index);
    this.#openGroups.add(index);
    const body = this.#closed(start, flags);
    this.#openGroups.delete(index);
    return { kind: "capture", index, body };
  }

  #closed(start: number, flags: Flags): Node {
    const body = this.#choice(flags);
    if (!this.#reader.take(")"))
      throw new RegexError("the pattern has a ( that no ) closes; write \\( for the character", start);
    return body;
  }

  #look(start: number, flags: Flags, behind: boolean, negative: boolean): Node {
    const body = this.#closed(start, flags);
    if (behind && !isFixed(body)) {
      throw new RegexError(
        "the pattern has a look-behind that matches texts of different lengths; give it one length",
        start,
      );
    }
    return { kind: "look", behind, negative, body, offset: start };
  }

  #numberOf(name: string, start: number): number {
    const index = this.#groupNames.get(name) ?? (/^[1-9][0-9]{0,2}$/.test(name) ? Number(name) : undefined);
    if (index === undefined || index > this.#groupCount) {
      throw new RegexError(`the pattern refers to the group ${name}, which does not stand before`, start);
    }
    return index;
  }

  #condition(start: number, flags: Flags): Node {
    const index = this.#numberOf(this.#reader.until(")", "the pattern has a condition that no ) closes"), start);
    const body = this.#closed(start, flags);
    const [yes, no = EMPTY, ...more] = body.kind === "choice" ? body.options : [body];
    if (more.length > 0) throw new RegexError("the pattern has a conditional group with more than two branches", start);
    return { kind: "condition", index, yes, no, offset: start };
  }

  /** `(?i)` for the whole pattern, `(?i-s:...)` for a group. */
  #flagGroup(start: number, flags: Flags): Node | undefined {
    const match = this.#reader.takeMatch(/([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/y);
    const letters = match ? [...match[1], ...(match[2] ?? "")] : ["?"];
    const unknown = letters.find((letter) => !isFlag(letter) && letter !== "u" && letter !== "L");
    const isGlobal = match?.[3] === ")";
    if (!match || unknown !== undefined || (isGlobal && (match[2] !== undefined || match[1] === ""))) {
      const text = this.#reader.text.slice(start, start + 4);
      throw new RegexError(`the pattern has a group of an unknown kind ${text}`, start);
    }
    const changed = setFlags(setFlags(flags, match[1], true), match[2] ?? "", false);
    if (!isGlobal) return this.#closed(start, changed);
    const found = setFlags(this.foundFlags ?? this.flags, match[1], true);
    if ([...match[1]].some((letter) => isFlag(letter) && !this.flags[letter])) this.foundFlags = found;
    return undefined;
  }

  #refuseCount(start: number): void {
    this.#reader.position = start;
    if (this.#count())
      throw new RegexError(
        "the pattern has a count with nothing before it to repeat; write \\{ for the character",
        start,
      );
    this.#reader.position = start + 1;
  }

  /** `*`, `+`, `?` and `{2,3}`; an invalid count is literal. */
  #count(): readonly [min: number, max: number] | undefined {
    const reader = this.#reader;
    if (reader.take("*")) return [0, Infinity];
    if (reader.take("+")) return [1, Infinity];
    if (reader.take("?")) return [0, 1];
    const start = reader.position;
    const match = reader.takeMatch(/\{(\d*)(?:(,)(\d*))?\}/y);
    if (!match || match[0] === "{}") {
      reader.position = start;
      return undefined;
    }
    const min = Number(match[1]);
    const max = !match[2] ? min : match[3] ? Number(match[3]) : Infinity;
    if (max < min)
      throw new RegexError(`the pattern has the count ${match[0]}, whose end is less than its start`, start);
    return [min, max];
  }

  #repeated(item: Node, start: number, flags: Flags): Node {
    const reader = this.#reader;
    if (flags.x) reader.takeMatch(VERBOSE_SPACE);
    const offset = reader.position;
    const count = this.#count();
    if (!count) return item;
    if (item.kind === "assertion" && reader.text[start] !== "(")
      throw new RegexError("the pattern repeats a place between characters, which has no length", offset);
    const [min, max] = count;
    const lazy = reader.take("?");
    const possessive = !lazy && reader.take("+");
    const again = reader.position;
    if (this.#count()) throw new RegexError("the pattern repeats a repetition; put it into a group (?:...)", again);
    const repeat: Node = { kind: "repeat", body: item, min, max, greedy: !lazy, offset };
    if (!possessive) return repeat;
    return { kind: "atomic", what: "a possessive repetition", body: repeat, offset: start };
  }
}

function assertion(name: Assertion, flags: Flags): Node {
  return { kind: "assertion", assertion: name, ascii: flags.a };
}

function setFlags(flags: Flags, letters: string, value: boolean): Flags {
  const changes = [...letters].filter(isFlag).map((letter: FlagName) => [letter, value] as const);
  return { ...flags, ...Object.fromEntries(changes) };
}

function isFixed(node: Node): boolean {
  const { min, max } = widthOf(node);
  return min === max && max !== Infinity;
}
