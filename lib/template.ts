/**
 * Terraform's template syntax, as far as text that we write into plans needs it: plain functions on strings.
 */

/** A piece of a template: text as it will be after evaluation, or the expression inside `${...}`. */
export type TemplatePart = { readonly text: string } | { readonly expression: string };

/**
 * Escapes the two markers that Terraform interprets in strings: `${` and `%{`. Dollars right before an expression would
 * read as the escape `$${` as well, and become an expression of their own.
 */
export function escapeTemplate(text: string, beforeExpression = false): string {
  const escaped = text.replace(/[$%](?=\{)/g, "$&$&");
  if (!beforeExpression || !escaped.endsWith("$")) return escaped;
  // Not by a pattern, which would look at every dollar of a long run anew.
  let end = escaped.length;
  while (escaped[end - 1] === "$") end--;
  return `${escaped.slice(0, end)}\${"${escaped.slice(end)}"}`;
}

/** Splits a template into text, unescaped, and expressions. `%{` directives are not taken apart: they stay text. */
export function splitTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = "";
  let position = 0;
  while (position < template.length) {
    if (template.startsWith("$${", position) || template.startsWith("%%{", position)) {
      text += template.slice(position + 1, position + 3);
      position += 3;
    } else if (template.startsWith("${", position)) {
      const end = endOfExpression(template, position + 2);
      if (text !== "") parts.push({ text });
      text = "";
      parts.push({ expression: template.slice(position + 2, end) });
      position = end + 1;
    } else {
      text += template[position++];
    }
  }
  if (text !== "") parts.push({ text });
  return parts;
}

/** Index of the brace that closes the expression which starts at `start`. */
function endOfExpression(template: string, start: number): number {
  let depth = 0;
  for (let index = start; index < template.length; index++) {
    const character = template[index];
    if (character === '"') index = endOfQuote(template, index + 1);
    else if (character === "{") depth++;
    else if (character === "}" && depth-- === 0) return index;
  }
  throw new Error(`template must close every \${, got ${JSON.stringify(template)}`);
}

/** Index of the quote that closes the string which starts at `start`; expressions in it have strings of their own. */
function endOfQuote(template: string, start: number): number {
  for (let index = start; index < template.length; index++) {
    if (template[index] === "\\") index++;
    else if (template[index] === '"') return index;
    else if (/^[$%]{2}\{/.test(template.slice(index, index + 3))) index += 2;
    else if (template.startsWith("${", index)) index = endOfExpression(template, index + 2);
  }
  throw new Error(`template must close every quote, got ${JSON.stringify(template)}`);
}

/** Writes parts as a quoted HCL string. */
export function quoteTemplate(parts: readonly TemplatePart[]): string {
  const pieces = parts.map((part, index) =>
    "text" in part ? quotedText(part.text, index < parts.length - 1) : `\${${part.expression}}`,
  );
  return `"${pieces.join("")}"`;
}

/** HCL's escapes are JSON's, but for two that it does not know. */
function quotedText(text: string, beforeExpression: boolean): string {
  const escaped = JSON.stringify(text).slice(1, -1);
  return escapeTemplate(
    escaped.replace(/\\[bf\\"]/g, (pair) => HCL_ESCAPES[pair] ?? pair),
    beforeExpression,
  );
}

const HCL_ESCAPES: Record<string, string> = { "\\b": "\\u0008", "\\f": "\\u000c" };

/**
 * A literal as JSON text, as Go's encoder and Terraform's `jsonencode` write it: the provider compares such text byte
 * by byte with what it encodes itself. Fact: docs/design/facts/provider.md#trigger-resource.
 */
export function goJson(literal: string | number | boolean | null): string {
  return JSON.stringify(literal).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
