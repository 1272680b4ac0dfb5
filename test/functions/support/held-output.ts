import type { Faults } from "../../../local/cos/faults";

/** What is needed to leave an input unfinished: the function's time limit, and the location of its input and output. */
interface Held {
  readonly timeoutSeconds: number;
  readonly input: string;
  readonly output: string;
}

/**
 * Lets each invocation store two objects of its output, and blocks the next ones until it should leave the rest to
 * another invocation. It therefore leaves an unfinished input on any machine, if the input has more than two objects
 * that the output accepts before it blocks the reader.
 */
export function holdUntilPause({ timeoutSeconds, input, output }: Held): Faults {
  // A short invocation reserves a quarter for notes and a quarter for outputs.
  const pauseMs = (timeoutSeconds * 1000) / 2;
  let [startedAt, stored] = [-Infinity, 0];
  return ({ method, key }) => {
    const now = Date.now();
    if (method === "GET" && key.startsWith(input) && now > startedAt + pauseMs) [startedAt, stored] = [now, 0];
    if (method !== "PUT" || !key.startsWith(output) || stored++ < 2) return undefined;
    return { delayMs: Math.max(0, startedAt + pauseMs + 50 - now) };
  };
}
