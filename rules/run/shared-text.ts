/**
 * Returns the same text as an interned string, which V8 shares among all property names: a lookup with two interned
 * strings compares no characters.
 */
export function sharedText(text: string): string {
  return Object.keys({ [text]: 0 })[0];
}
