/** Maximum characters of a request that a service's message can contain by chance. */
const CHANCE = 12;

/** Whether a service's message contains a piece of the request, which would bring log text into the function's log. */
export function repeats(words: string, request: string | Buffer): boolean {
  const head = words.slice(0, 1_000);
  for (let start = 0; start + CHANCE <= head.length; start++) {
    if (request.includes(head.slice(start, start + CHANCE))) return true;
  }
  return false;
}
