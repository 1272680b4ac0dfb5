import type { CharSet } from "./charset";
import { clip, complement, includes } from "./ranges";
import type { Node, Repeat } from "./syntax";
import { isNullable } from "./width";

/** A pattern in JavaScript's syntax, for texts of characters up to U+00FF. */
export interface V8Source {
  readonly source: string;
  /** The group of the pattern for each group of the translation; absent if all are the same. */
  readonly groups?: readonly number[];
}

/** Translates a tree that contains nothing that needs backtracking. */
export function translate(root: Node, groupCount: number): V8Source {
  const printer = new Printer();
  const source = printer.print(root);
  // A group that is repeated zero times, as in `(a){0}`, is left out.
  const isComplete = printer.groups.length === groupCount;
  const isIdentity = isComplete && printer.groups.every((group, index) => group === index + 1);
  return isIdentity ? { source } : { source, groups: printer.groups };
}

class Printer {
  readonly groups: number[] = [];

  print(node: Node): string {
    switch (node.kind) {
      case "set":
        return classOf(node.set);
      case "assertion":
        return ASSERTIONS[node.assertion];
      case "sequence":
        return node.items.map((item) => this.#closed(item)).join("");
      case "choice":
        return node.options.map((option) => this.print(option)).join("|");
      case "capture":
        this.groups.push(node.index);
        return `(${this.print(node.body)})`;
      case "repeat":
        return this.#repeat(node);
      default:
        throw new Error(`${node.kind} is not for V8`);
    }
  }

  /** As a part of a sequence. */
  #closed(node: Node): string {
    const text = this.print(node);
    return node.kind === "choice" ? `(?:${text})` : text;
  }

  #repeat({ body, min, max, greedy }: Repeat): string {
    if (max === 0) return "";
    const text = this.print(body);
    // JavaScript accepts no iteration that matches nothing, but a branch that does.
    if (max === 1 && isNullable(body)) {
      return min === 1 ? `(?:${text})` : greedy ? `(?:${text}|)` : `(?:|${text})`;
    }
    const atom = body.kind === "capture" || body.kind === "set" ? text : `(?:${text})`;
    return atom + quantifier(min, max) + (greedy ? "" : "?");
  }
}

const ASSERTIONS = {
  textStart: "^",
  textEnd: "$",
  end: "$",
  lineStart: "^",
  lineEnd: "$",
  boundary: "\\b",
  noBoundary: "\\B",
};

function quantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

/** A class of the members up to U+00FF, in its shorter form. */
function classOf(set: CharSet): string {
  const members = set.latin();
  if (members.length === 1 && members[0][0] === members[0][1]) return characterOf(members[0][0]);
  // A set that reaches the end of the alphabet is written as its complement, as people write it.
  const others = clip(complement(members), 0, 0xff);
  if (includes(members, 0xff)) return `[^${others.map(rangeOf).join("")}]`;
  return `[${members.map(rangeOf).join("")}]`;
}

function rangeOf([start, end]: readonly [number, number]): string {
  if (start === end) return characterOf(start);
  return `${characterOf(start)}${end > start + 1 ? "-" : ""}${characterOf(end)}`;
}

function characterOf(code: number): string {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9_ "'#%&,:;<=>@`~!]/.test(character)) return character;
  return `\\x${code.toString(16).padStart(2, "0")}`;
}
