/** How much of a request a service may say by chance, in characters. */
const CHANCE = 12;

/** Whether words of a service hold a piece of the request: they would bring text of a log into the function's log. */
export function repeats(words: string, request: string | Buffer): boolean {
  const head = words.slice(0, 1_000);
  for (let start = 0; start + CHANCE <= head.length; start++) {
    if (request.includes(head.slice(start, start + CHANCE))) return true;
  }
  return false;
}
