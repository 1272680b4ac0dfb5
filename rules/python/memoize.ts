/** Texts longer than this are not kept. */
const LONGEST = 1000;

/** Keeps what was made of a text, for texts that may come from events: forgets all when there are too many. */
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
