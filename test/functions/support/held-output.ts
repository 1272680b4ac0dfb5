import type { Faults } from "../../../local/cos/faults";

/** What a function needs to have its input left unfinished: its time limit, and where its input and its output lie. */
interface Held {
  readonly timeoutSeconds: number;
  readonly input: string;
  readonly output: string;
}

/**
 * Lets each invocation store two objects of its output, and holds the next ones until it should leave the rest to another
 * invocation. So it leaves something on a machine of any speed, as long as its input makes more than two objects that the output
 * takes in before it holds up the reader.
 */
export function holdUntilPause({ timeoutSeconds, input, output }: Held): Faults {
  // A short invocation keeps a quarter for notes and a quarter for outputs.
  const pauseMs = (timeoutSeconds * 1000) / 2;
  let [startedAt, stored] = [-Infinity, 0];
  return ({ method, key }) => {
    const now = Date.now();
    if (method === "GET" && key.startsWith(input) && now > startedAt + pauseMs) [startedAt, stored] = [now, 0];
    if (method !== "PUT" || !key.startsWith(output) || stored++ < 2) return undefined;
    return { delayMs: Math.max(0, startedAt + pauseMs + 50 - now) };
  };
}
