import { parser as createParser } from "sax";
import { quoted } from "../../rules/functions/common/options";
import { byStretches, replaceEach } from "../../rules/run/length";
import { fail, type Value } from "../../rules/run/values";

/** Maximum nesting, as for JSON: readers of the value can be recursive. */
const MAX_DEPTH = 1000;

/** An open element. */
interface Element {
  /** Attributes and children by name; undefined while there are none. */
  members?: Map<Value, Value>;
  text: string;
}

/**
 * Reads an XML document like Python's `xmltodict`: attributes are `@name`, text beside attributes or children is `#text`,
 * elements of the same name become a list, an empty element is None, and surrounding whitespace is removed. Fails if the
 * text is not a document; custom entities are not supported.
 */
export function parseXml(source: string): Value {
  const document: Element = { text: "" };
  const open: Element[] = [document];
  const current = (): Element => open[open.length - 1];
  const refuse = (reason: string): never =>
    fail(`xml_to_json must get an XML document, got ${reason}: ${quoted(source)}`);

  const parser = createParser(true, { strictEntities: true });
  // The first line is the error, the others are the parser's position.
  parser.onerror = ({ message }) => refuse(message.split("\n")[0]);
  parser.onopentagstart = () => {
    if (open.length > MAX_DEPTH) refuse(`elements nested deeper than ${MAX_DEPTH} levels`);
    if (current() === document && document.members) refuse("a second element behind the first one");
    open.push({ text: "" });
  };
  parser.onattribute = ({ name, value }) => addMember(current(), `@${name}`, withBlanks(value));
  parser.ontext = (text) => void (current().text += text);
  parser.oncdata = (text) => void (current().text += text);
  parser.onclosetag = (name) => {
    const element = open.pop() as Element;
    addMember(current(), name, valueOf(element));
  };

  // XML normalizes all line ends to this one.
  parser.write(replaceEach(source, /\r\n?/g, () => "\n")).close();
  return document.members ?? refuse("no element");
}

function valueOf(element: Element): Value {
  const text = element.text.trim();
  if (!element.members) return text === "" ? null : text;
  if (text !== "") addMember(element, "#text", text);
  return element.members;
}

function withBlanks(value: string): string {
  return byStretches(value, (stretch) => stretch.replace(/[\t\n]/g, " "));
}

/** A second value of the same name makes a list. */
function addMember(element: Element, name: string, value: Value): void {
  const members = (element.members ??= new Map());
  const known = members.get(name);
  if (known === undefined) members.set(name, value);
  else if (Array.isArray(known)) (known as Value[]).push(value);
  else members.set(name, [known, value]);
}
