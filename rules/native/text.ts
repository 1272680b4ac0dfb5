/** A string in the CLS dialect: raw if it contains backslashes, as people write patterns. */
export function quote(text: string): string {
  if (text.includes("\\") && !/["\n\r]|\\$/.test(text)) return `r"${text}"`;
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** A call; `undefined` arguments are left out. */
export function call(name: string, ...values: readonly (string | undefined)[]): string {
  return `${name}(${values.filter((value) => value !== undefined).join(", ")})`;
}

/** A keyword argument; undefined without a value. */
export function keyword(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${name}=${value}`;
}

export function bool(value: boolean): string {
  return value ? "True" : "False";
}
