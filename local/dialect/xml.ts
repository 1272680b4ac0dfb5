import { RowFailure, textOf, type Value } from "./values";

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * Converts a document to an object with the members of its root; elements with the same name become a list, attributes
 * become members.
 */
export function valueOfXml(text: string): Value {
  const tokens = text.replace(/<!--[^]*?-->|<\?[^]*?\?>|<!DOCTYPE[^>]*>/g, "").trim();
  const reader = new XmlReader(tokens);
  const value = reader.element();
  if (!reader.isAtEnd) throw wrong("one root");
  return value.value;
}

/** Converts JSON to a document, under the root element that CLS uses. */
export function xmlOf(value: Value): string {
  return element("ObjectNode", value);
}

function element(name: string, value: Value): string {
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => element(name, item)).join("");
  if (value === null) return `<${name}/>`;
  const content =
    value instanceof Map
      ? [...(value as ReadonlyMap<string, Value>)].map(([member, item]) => element(member, item)).join("")
      : textOf(value).replace(/[<>&]/g, (one) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;" })[one] as string);
  return `<${name}>${content}</${name}>`;
}

class XmlReader {
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  element(depth = 0): { name: string; value: Value } {
    if (depth > 100) throw wrong("at most 100 elements inside of each other");
    const open = this.take(/<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/y);
    if (!open) throw wrong("an element");
    const [, name, attributes, isEmpty] = open;
    const members = new Map<string, Value>();
    for (const [, key, quoted] of attributes.matchAll(/([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
      members.set(key, decode(quoted.slice(1, -1)));
    }
    const content = isEmpty === "/" ? "" : this.content(name, members, depth);
    if (members.size === 0) return { name, value: content };
    if (content.trim() !== "") members.set("", content);
    return { name, value: members };
  }

  /** The text of an element; its child elements are added to `members`. */
  private content(name: string, members: Map<string, Value>, depth: number): string {
    let text = "";
    for (;;) {
      const plain = this.take(/<!\[CDATA\[([^]*?)\]\]>|([^<]+)/y);
      if (plain) text += plain[1] ?? decode(plain[2]);
      else if (this.take(/<\/([\w:.-]+)\s*>/y)?.[1] === name) return text;
      else {
        const child = this.element(depth + 1);
        const known = members.get(child.name);
        members.set(child.name, known === undefined ? child.value : ([known, child.value].flat() as Value[]));
      }
    }
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal?: string, hex?: string, name = "") => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return hex === undefined ? (ENTITIES[name as string] ?? whole) : String.fromCodePoint(parseInt(hex, 16));
  });
}

function wrong(what: string): RowFailure {
  return new RowFailure(`xml_to_json must get XML, got a text without ${what}`);
}
