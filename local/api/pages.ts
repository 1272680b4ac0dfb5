/** The part of a list that a request asks for. */
export function page<T>(items: readonly T[], offset = 0, limit = 20): T[] {
  return items.slice(offset, offset + limit);
}
