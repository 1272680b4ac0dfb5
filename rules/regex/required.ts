import { widthOf } from "./width";
import { parseRegex } from "./parse";
import type { CharSet } from "./charset";
import type { Node } from "./syntax";
import { isAnchored } from "./traits";

/** A literal; ASCII letters match in either case if case is ignored. */
export interface RequiredText {
  readonly text: string;
  readonly ignoreCase?: boolean;
}

/**
 * What a text must contain to match a pattern: at least one literal of each list. Unknown requirements are left out.
 */
export interface RequiredLiterals {
  /** It must contain one literal of each of these lists. */
  readonly holds: readonly (readonly RequiredText[])[];
  /** It must start with one of these. */
  readonly starts?: readonly RequiredText[];
  /** It must equal one of these. */
  readonly is?: readonly RequiredText[];
}

/** Maximum alternatives to track; `[0-9]{3}` would be a thousand. */
const MOST_TEXTS = 24;
const LONGEST = 64;
/** Maximum number of lists. */
const MOST_LISTS = 16;

/**
 * The literals that every text with a match of the pattern contains.
 *
 * @param isFull whether the pattern must match the whole text
 * @throws RegexError if the pattern cannot be parsed
 */
export function requiredLiterals(pattern: string, isFull = false): RequiredLiterals {
  const { root } = parseRegex(pattern);
  const { texts, starts, lists } = requiredOf(root);
  const holds = texts ? [texts] : lists;
  const known = holds.filter((list) => list.every(({ text }) => text !== ""));
  if (!isFull && !isAnchored(root)) return { holds: known };
  const first = texts ?? starts;
  return {
    holds: known,
    ...(first?.every(({ text }) => text !== "") && { starts: first }),
    ...(isFull && texts && { is: texts }),
  };
}

/** What a part of a pattern requires of its match. */
interface Required {
  /** All texts that it matches, if they are few. */
  readonly texts?: readonly RequiredText[];
  /** What it starts with, if the rest is unknown. */
  readonly starts?: readonly RequiredText[];
  readonly lists: readonly (readonly RequiredText[])[];
}

const NOTHING: Required = { lists: [] };
const EMPTY: Required = { texts: [{ text: "" }], lists: [] };

function requiredOf(node: Node): Required {
  switch (node.kind) {
    case "set": {
      const texts = membersOf(node.set);
      return texts ? { texts, lists: [] } : NOTHING;
    }
    // Assertions consume no characters, whatever surrounds them.
    case "assertion":
    case "look":
      return EMPTY;
    case "capture":
    case "atomic":
      return requiredOf(node.body);
    case "sequence":
      return ofSequence(node.items);
    case "choice":
      return ofChoice(node.options);
    case "condition":
      return ofChoice([node.yes, node.no]);
    case "repeat":
      if (node.max === 0) return EMPTY;
      if (node.min === 0) return NOTHING;
      if (node.min === node.max && node.min * widthOf(node.body).min <= LONGEST) {
        return ofSequence(Array.from({ length: node.min }, () => node.body));
      }
      return open(requiredOf(node.body));
    case "reference":
      return NOTHING;
  }
}

/** Requirements of a part with an unknown continuation. */
function open({ texts, starts, lists }: Required): Required {
  return texts ? { starts: texts, lists: [texts] } : { starts, lists };
}

function ofSequence(items: readonly Node[]): Required {
  const lists: (readonly RequiredText[])[] = [];
  let starts: readonly RequiredText[] | undefined;
  /** What the items since the last unknown one match. */
  let run: readonly RequiredText[] = [{ text: "" }];
  const end = (rest?: readonly RequiredText[]): void => {
    const whole = (rest && joined(run, rest)) ?? run;
    starts ??= whole;
    lists.push(whole);
    run = [{ text: "" }];
  };
  for (const item of items) {
    const required = requiredOf(item);
    const longer = required.texts && joined(run, required.texts);
    if (longer) {
      run = longer;
      continue;
    }
    end(required.texts ? undefined : required.starts);
    if (required.texts) run = required.texts;
    else lists.push(...required.lists);
  }
  if (starts === undefined) return { texts: run, lists: [] };
  lists.push(run);
  return { starts, lists: lists.filter((list) => list.every(({ text }) => text !== "")).slice(0, MOST_LISTS) };
}

function ofChoice(options: readonly Node[]): Required {
  const all = options.map(requiredOf);
  const texts = union(all.map((option) => option.texts));
  if (texts) return { texts, lists: [] };
  const starts = union(all.map((option) => option.texts ?? option.starts));
  const list = union(all.map((option) => option.texts ?? longestOf(option.lists)));
  return { starts, lists: list ? [list] : [] };
}

/** Each text of the first followed by each of the second; undefined if there are too many. */
function joined(firsts: readonly RequiredText[], seconds: readonly RequiredText[]): RequiredText[] | undefined {
  if (firsts.length * seconds.length > MOST_TEXTS) return undefined;
  const texts = firsts.flatMap((first) =>
    seconds.map((second) => ({
      text: first.text + second.text,
      ...((first.ignoreCase || second.ignoreCase) && { ignoreCase: true }),
    })),
  );
  return texts.every(({ text }) => text.length <= LONGEST) ? texts : undefined;
}

function union(lists: readonly (readonly RequiredText[] | undefined)[]): RequiredText[] | undefined {
  const texts: RequiredText[] = [];
  for (const list of lists) {
    if (list === undefined) return undefined;
    texts.push(...list);
  }
  return texts.length > MOST_TEXTS ? undefined : texts;
}

/** The list whose shortest text is longest. */
function longestOf(lists: readonly (readonly RequiredText[])[]): readonly RequiredText[] | undefined {
  const shortest = (list: readonly RequiredText[]): number => Math.min(...list.map(({ text }) => text.length));
  return lists.reduce<readonly RequiredText[] | undefined>(
    (best, list) => (best === undefined || shortest(list) > shortest(best) ? list : best),
    undefined,
  );
}

/** The characters of a set, if they are few. */
function membersOf({ items, negated, fold }: CharSet): RequiredText[] | undefined {
  if (negated) return undefined;
  const texts: RequiredText[] = [];
  for (const item of items) {
    if (!("range" in item)) return undefined;
    const [first, last] = item.range;
    if (texts.length + last - first >= MOST_TEXTS) return undefined;
    for (let code = first; code <= last; code++) {
      const text = String.fromCodePoint(code);
      if (fold === "none") texts.push({ text });
      // Characters that are equal ignoring case are only known for ASCII.
      else if (code >= 0x80) return undefined;
      else texts.push(/[a-z]/i.test(text) ? { text: text.toLowerCase(), ignoreCase: true } : { text });
    }
  }
  return texts;
}
