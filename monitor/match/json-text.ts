/** Replacement of a member, by its name; undefined to keep the member. */
export type Replace = (name: string) => string | undefined;

const NOTHING: Replace = () => undefined;

/**
 * JSON of a value of any depth. A line of ten kilobytes can be nested deeper than the stack of JSON.stringify allows,
 * and must not prevent the matching of other lines.
 */
export function jsonText(value: unknown, replace?: Replace): string {
  try {
    return JSON.stringify(value, replace && ((name, member: unknown) => replace(name) ?? member));
  } catch (error) {
    if (error instanceof RangeError) return deepText(value, replace ?? NOTHING);
    throw error;
  }
}

/** The same with an explicit stack: what remains to be written, the next item last. */
function deepText(root: unknown, replace: Replace): string {
  const written: string[] = [];
  const rest: ({ readonly text: string } | { readonly value: unknown })[] = [{ value: root }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    if ("text" in next) written.push(next.text);
    else if (typeof next.value !== "object" || next.value === null) written.push(JSON.stringify(next.value));
    else {
      const isList = Array.isArray(next.value);
      written.push(isList ? "[" : "{");
      rest.push({ text: isList ? "]" : "}" });
      const members = Object.entries(next.value);
      for (let at = members.length - 1; at >= 0; at--) {
        const [name, member] = members[at];
        rest.push({ value: replace(name) ?? (member as unknown) });
        if (!isList) rest.push({ text: `${JSON.stringify(name)}:` });
        if (at > 0) rest.push({ text: "," });
      }
    }
  }
  return written.join("");
}
