/** Longer texts are not cached. */
const LONGEST = 1000;

/** Caches results by text, for texts that can come from events. Clears the cache when it has too many entries. */
export function memoize<T>(make: (text: string) => T, limit = 1000): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    let result = made.get(text);
    if (result === undefined) {
      result = make(text);
      if (text.length > LONGEST) return result;
      if (made.size >= limit) made.clear();
      made.set(text, result);
    }
    return result;
  };
}
