import { compileTemplate } from "../../python/format";
import { joined } from "../../run/length";
import { fail } from "../../run/values";
import { quoted } from "../common/options";
import type { Parents } from "./json-expansion";

interface Affixes {
  readonly sep: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** The naming schemes for leaves. */
export const JSON_FORMATS = ["simple", "full", "parent", "root"];

/** Names the field of a leaf: `simple`, `full`, `parent`, `root`, or a format for Python's `str.format`. */
export function nodeNames(fmt: string, affixes: Affixes): (current: string, parents: Parents) => string | undefined {
  const { sep, prefix, suffix } = affixes;
  switch (fmt.trim().toLowerCase()) {
    case "":
    case "simple":
      return (current) => prefix + current + suffix;
    case "full":
      return (current, parents) => joined([...parents, prefix + current + suffix], sep);
    case "parent":
      return (current, parents) => parents[parents.length - 1] + sep + prefix + current + suffix;
    case "root":
      return (current, parents) => parents[0] + sep + prefix + current + suffix;
    default: {
      const format = compileFormat("fmt", fmt, [...LISTS, "current", ...Object.keys(affixes)]);
      return (current, parents) => format(parents, { ...affixes, current });
    }
  }
}

/** Names elements of arrays; `{parent_rlist[0]}_{index}` if the format is empty. */
export function arrayNames(fmt: string): (parents: Parents, index: number) => string | undefined {
  if (fmt === "" || fmt === "{parent_rlist[0]}_{index}") {
    return (parents, index) => `${parents[parents.length - 1]}_${index}`;
  }
  const format = compileFormat("fmt_array", fmt, [...LISTS, "index"]);
  return (parents, index) => format(parents, { index: String(index) });
}

/** `parent` alone is not a placeholder in the reference, but is in its documentation. */
const LISTS = ["parent", "parent_list", "parent_rlist"];

type Texts = Readonly<Record<string, string>>;
type NameSegment = (parents: Parents, texts: Texts) => string | undefined;

/** A format whose placeholders are strings, or elements of lists; it does not fit if an element is missing. */
function compileFormat(parameter: string, format: string, names: readonly string[]) {
  const segments: NameSegment[] = [];
  const tokens = /\{\{|\}\}|\{(\w+)(?:\[(\d+)\])?((?:![rsa])?(?::[^{}]*)?)\}|[^{}]+|[{}]/gy;
  for (const [token, name, index, spec] of format.matchAll(tokens)) {
    if (name !== undefined) segments.push(formatted(placeholder(parameter, format, names, name, index), name, spec));
    else if (token === "{" || token === "}") unfit(parameter, format, names);
    else segments.push(literal(token === "{{" || token === "}}" ? token.slice(1) : token));
  }
  return (parents: Parents, texts: Texts): string | undefined => {
    let name = "";
    for (const segment of segments) {
      const text = segment(parents, texts);
      if (text === undefined) return undefined;
      name += text;
      if (name.length > MAX_NAME_LENGTH) fail(`e_json must make names of ${MAX_NAME_LENGTH} characters at most`);
    }
    return name;
  };
}

/** Limit for names that grow with each level, because their format repeats the parent. */
const MAX_NAME_LENGTH = 10_000;

/** A placeholder with a format specification of Python's `str.format`, as in `{index:03}`. */
function formatted(segment: NameSegment, name: string, spec: string): NameSegment {
  if (spec === "") return segment;
  const template = compileTemplate(`{0${spec}}`);
  return (parents, texts) => {
    const text = segment(parents, texts);
    return text === undefined ? undefined : template([name === "index" ? BigInt(text) : text]);
  };
}

function literal(text: string): NameSegment {
  return () => text;
}

function placeholder(
  parameter: string,
  format: string,
  names: readonly string[],
  name: string,
  index: string | undefined,
): NameSegment {
  const takesIndex = name === "parent_list" || name === "parent_rlist";
  if (!names.includes(name) || takesIndex !== (index !== undefined)) unfit(parameter, format, names);
  const at = Number(index);
  if (name === "parent") return (parents) => parents[parents.length - 1];
  if (name === "parent_list") return (parents) => parents[at];
  if (name === "parent_rlist") return (parents) => parents[parents.length - 1 - at];
  return (_, texts) => texts[name];
}

function unfit(parameter: string, format: string, names: readonly string[]): never {
  const known = names.map((name) => (name.endsWith("list") ? `{${name}[0]}` : `{${name}}`)).join(" ");
  return fail(`e_json must get a format of ${known} as ${parameter}, got ${quoted(format)}`, parameter);
}
