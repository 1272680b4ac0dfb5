/** A text as the CLS dialect writes it: raw where it holds backslashes, as people write patterns. */
export function quote(text: string): string {
  if (text.includes("\\") && !/["\n\r]|\\$/.test(text)) return `r"${text}"`;
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** A call; arguments that are `undefined` are left out. */
export function call(name: string, ...values: readonly (string | undefined)[]): string {
  return `${name}(${values.filter((value) => value !== undefined).join(", ")})`;
}

/** An argument by name; nothing without a value. */
export function keyword(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${name}=${value}`;
}

export function bool(value: boolean): string {
  return value ? "True" : "False";
}
