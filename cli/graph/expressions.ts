/**
 * Texts in a plan: Terraform templates, in which `${...}` is an expression. Nothing is evaluated; only the references
 * of expressions matter.
 */

/**
 * The reference of an expression: `tencentcloud_cls_topic.Access` with `id`, `data.x.Y` with `z`, `var.hook`,
 * `local.a`.
 */
export interface Reference {
  /** Identifies a resource in its stack. */
  readonly address: string;
  /** The attributes after it: `["outputs", "name"]`; empty if there are none. */
  readonly attributes: readonly string[];
}

/** A part of a template: text, or an expression without its `${` and `}`. */
type Segment = { readonly text: string } | { readonly expression: string };

/** Splits a template at its expressions. The escape `$${` stays text. */
export function segmentsOf(template: string): Segment[] {
  const segments: Segment[] = [];
  let text = "";
  for (let at = 0; at < template.length; at++) {
    if (template.startsWith("$${", at)) {
      text += "${";
      at += 2;
    } else if (template.startsWith("${", at)) {
      const end = endOfExpression(template, at + 2);
      if (text !== "") segments.push({ text });
      segments.push({ expression: template.slice(at + 2, end) });
      text = "";
      at = end;
    } else text += template[at];
  }
  if (text !== "") segments.push({ text });
  return segments;
}

/**
 * Position of the brace that ends an expression: braces within it are paired, and strings within it have their own
 * expressions.
 */
function endOfExpression(template: string, start: number): number {
  let depth = 0;
  for (let at = start; at < template.length; at++) {
    const character = template[at];
    if (character === '"') at = endOfText(template, at + 1);
    else if (character === "{") depth++;
    else if (character === "}" && depth-- === 0) return at;
  }
  return template.length;
}

function endOfText(template: string, start: number): number {
  for (let at = start; at < template.length; at++) {
    if (template[at] === "\\") at++;
    else if (template.startsWith("$${", at)) at += 2;
    else if (template.startsWith("${", at)) at = endOfExpression(template, at + 2);
    else if (template[at] === '"') return at;
  }
  return template.length;
}

const NAMED = /(?<![\w.-])(data\.[\w-]+\.[\w-]+|[A-Za-z_][\w-]*\.[\w-]+)((?:\.[\w-]+|\[\d+\]|\["[^"]*"\]|\[\*\])*)/g;

/** All references in the expressions of a template, in order. */
export function referencesIn(template: string): Reference[] {
  return segmentsOf(template).flatMap((segment) =>
    "expression" in segment ? referencesOfExpression(segment.expression) : [],
  );
}

function referencesOfExpression(expression: string): Reference[] {
  const { code, texts } = withoutTexts(expression);
  const own = [...code.matchAll(NAMED)].map(([, address, rest]) => ({
    address,
    attributes: [...rest.matchAll(/\.([\w-]+)|\["([^"]*)"\]/g)].map(([, name, quoted]) => name ?? quoted),
  }));
  return [...own, ...texts.flatMap(referencesIn)];
}

/** An expression without its strings, except short ones in brackets, which are attributes; and these strings. */
function withoutTexts(expression: string): { code: string; texts: string[] } {
  let code = "";
  const texts: string[] = [];
  for (let at = 0; at < expression.length; at++) {
    if (expression[at] !== '"') code += expression[at];
    else {
      const end = endOfText(expression, at + 1);
      const text = expression.slice(at + 1, end);
      if (expression[at - 1] === "[" && !text.includes("${")) code += `"${text}"`;
      else texts.push(text.replace(/\\(.)/g, "$1"));
      at = end;
    }
  }
  return { code, texts };
}

/** The content of a template that is only `jsonencode` of a string or an expression. */
function encoded(expression: string): string | undefined {
  const inner = /^\s*jsonencode\((.*)\)\s*$/s.exec(expression)?.[1]?.trim();
  if (inner === undefined) return undefined;
  const isText = inner.startsWith('"') && endOfText(inner, 1) === inner.length - 1;
  return isText ? inner.slice(1, -1).replace(/\\(["\\])/g, "$1") : `\${${inner}}`;
}

/**
 * The JSON that a template will be, with expressions as strings (`${tencentcloud_cls_topic.Access.id}`) instead of
 * their values. Undefined if it is not JSON.
 */
export function jsonOf(template: string): unknown {
  let json = "";
  let isInText = false;
  for (const segment of segmentsOf(template)) {
    if ("text" in segment) {
      json += segment.text;
      isInText = endsInText(segment.text, isInText);
    } else if (isInText) json += JSON.stringify(`\${${segment.expression}}`).slice(1, -1);
    else json += JSON.stringify(encoded(segment.expression) ?? `\${${segment.expression}}`);
  }
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function endsInText(json: string, isInText: boolean): boolean {
  for (let at = 0; at < json.length; at++) {
    if (json[at] === "\\" && isInText) at++;
    else if (json[at] === '"') isInText = !isInText;
  }
  return isInText;
}
