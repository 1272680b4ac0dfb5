/** Content of an XML element: text, elements by name, or several elements with the same name. */
export type XmlValue =
  string | number | boolean | { readonly [name: string]: XmlValue | readonly XmlValue[] | undefined };

/** An XML document with one root element; the elements are in the order of the object's properties. */
export function xml(root: string, value: XmlValue): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, value)}\n`;
}

function element(name: string, value: XmlValue): string {
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: XmlValue): string {
  if (typeof value !== "object") return escape(String(value));
  return Object.entries(value)
    .flatMap(([name, child]) =>
      child === undefined ? [] : [child].flat().map((one) => element(name, one as XmlValue)),
    )
    .join("");
}

function escape(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
