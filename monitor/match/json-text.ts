/** What stands in place of a member, by its name; undefined where the member itself does. */
export type Replace = (name: string) => string | undefined;

const NOTHING: Replace = () => undefined;

/**
 * JSON of a value, however deep it is: a line of ten kilobytes can be deeper than JSON.stringify has stack for, and must not
 * keep the lines beside it from being looked at.
 */
export function jsonText(value: unknown, replace?: Replace): string {
  try {
    return JSON.stringify(value, replace && ((name, member: unknown) => replace(name) ?? member));
  } catch (error) {
    if (error instanceof RangeError) return deepText(value, replace ?? NOTHING);
    throw error;
  }
}

/** The same without a stack but of its own: what is still to be written, the next last. */
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
