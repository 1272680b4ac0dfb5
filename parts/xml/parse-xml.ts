import { parser as createParser } from "sax";
import { quoted } from "../../rules/functions/common/options";
import { byStretches, replaceEach } from "../../rules/run/length";
import { fail, type Value } from "../../rules/run/values";

/** Nesting beyond this fails, as it does where JSON is read: who reads the value may recurse. */
const MAX_DEPTH = 1000;

/** An element that is open. */
interface Element {
  /** Attributes and children by name; undefined while there are none. */
  members?: Map<Value, Value>;
  text: string;
}

/**
 * Reads an XML document as Python's `xmltodict` does: attributes are `@name`, text beside them or beside children is
 * `#text`, elements of the same name become a list, an empty element is None, white space around text is left out. Fails
 * where the text is no document; entities of its own are unknown.
 */
export function parseXml(source: string): Value {
  const document: Element = { text: "" };
  const open: Element[] = [document];
  const current = (): Element => open[open.length - 1];
  const refuse = (reason: string): never =>
    fail(`xml_to_json must get an XML document, got ${reason}: ${quoted(source)}`);

  const parser = createParser(true, { strictEntities: true });
  // The first line says what is wrong, the others where the parser stands.
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

  // XML knows no line end but this one.
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
