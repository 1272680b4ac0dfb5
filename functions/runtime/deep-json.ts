/**
 * Converts a value from JSON.parse to JSON. JSON.parse accepts any depth, but JSON.stringify only some thousand levels: it
 * uses the stack for each, and throws a `RangeError` when the stack is full.
 */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return deepJsonOf(value);
  }
}

/** A list or an object that is being written: its remaining entries and its end. */
interface Open {
  readonly entries: Iterator<readonly [string | undefined, unknown]>;
  readonly end: string;
  isFirst: boolean;
}

function deepJsonOf(value: unknown): string {
  const parts: string[] = [];
  const open: Open[] = [];
  const write = (item: unknown): void => {
    if (typeof item !== "object" || item === null) return void parts.push(JSON.stringify(item));
    const isList = Array.isArray(item);
    parts.push(isList ? "[" : "{");
    const entries = isList ? item.map((element) => [undefined, element] as const) : Object.entries(item);
    open.push({ entries: entries[Symbol.iterator](), end: isList ? "]" : "}", isFirst: true });
  };
  write(value);
  for (let inner = open.at(-1); inner; inner = open.at(-1)) {
    const next = inner.entries.next();
    if (next.done) {
      parts.push(inner.end);
      open.pop();
      continue;
    }
    const [name, item] = next.value;
    if (!inner.isFirst) parts.push(",");
    inner.isFirst = false;
    if (name !== undefined) parts.push(`${JSON.stringify(name)}:`);
    write(item);
  }
  return parts.join("");
}
