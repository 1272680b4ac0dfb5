/** Terraform's template syntax, as far as text in plans needs it. Plain functions on strings. */

/** A piece of a template: text as it is after evaluation, or the expression inside `${...}`. */
export type TemplatePart = { readonly text: string } | { readonly expression: string };

/**
 * Escapes the two markers that Terraform interprets in strings, `${` and `%{`. Dollar signs directly before an
 * expression would be read as the escape `$${`, so they become an expression themselves.
 */
export function escapeTemplate(text: string, beforeExpression = false): string {
  const escaped = text.replace(/[$%](?=\{)/g, "$&$&");
  if (!beforeExpression || !escaped.endsWith("$")) return escaped;
  // Not with a pattern, which would start again at every dollar sign of a long run.
  let end = escaped.length;
  while (escaped[end - 1] === "$") end--;
  return `${escaped.slice(0, end)}\${"${escaped.slice(end)}"}`;
}

/** Splits a template into unescaped text and expressions. `%{` directives are not split off: they stay text. */
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

/** Index of the brace that closes the expression starting at `start`. */
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

/**
 * Index of the quote that closes the string starting at `start`. Expressions inside it can contain strings themselves.
 */
function endOfQuote(template: string, start: number): number {
  for (let index = start; index < template.length; index++) {
    if (template[index] === "\\") index++;
    else if (template[index] === '"') return index;
    else if (/^[$%]{2}\{/.test(template.slice(index, index + 3))) index += 2;
    else if (template.startsWith("${", index)) index = endOfExpression(template, index + 2);
  }
  throw new Error(`template must close every quote, got ${JSON.stringify(template)}`);
}

/** Writes segments as a quoted HCL string. */
export function quoteTemplate(parts: readonly TemplatePart[]): string {
  const pieces = parts.map((part, index) =>
    "text" in part ? quotedText(part.text, index < parts.length - 1) : `\${${part.expression}}`,
  );
  return `"${pieces.join("")}"`;
}

/** HCL's escapes are those of JSON, except for two that it does not support. */
function quotedText(text: string, beforeExpression: boolean): string {
  const escaped = JSON.stringify(text).slice(1, -1);
  return escapeTemplate(
    escaped.replace(/\\[bf\\"]/g, (pair) => HCL_ESCAPES[pair] ?? pair),
    beforeExpression,
  );
}

const HCL_ESCAPES: Record<string, string> = { "\\b": "\\u0008", "\\f": "\\u000c" };

/**
 * Writes a literal as JSON the way Go's encoder and Terraform's `jsonencode` do, because the provider compares this
 * text byte by byte with its own encoding. Fact: docs/design/facts/provider.md#trigger-resource.
 */
export function goJson(literal: string | number | boolean | null): string {
  return JSON.stringify(literal).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
