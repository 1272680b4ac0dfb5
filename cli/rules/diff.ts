/** Compares two lists of events as lines: `-` expected, `+` received, blank for both. */
export function diffLines(expected: readonly string[][], received: readonly string[][]): string[] {
  const count = Math.max(expected.length, received.length);
  return Array.from({ length: count }).flatMap((_, at) => [`  event ${at + 1}`, ...diff(expected[at], received[at])]);
}

function diff(expected: readonly string[] | undefined, received: readonly string[] | undefined): string[] {
  if (!expected) return received!.map((line) => `  + ${line}`);
  if (!received) return expected.map((line) => `  - ${line}`);
  const missing = expected.filter((line) => !received.includes(line)).map((line) => `  - ${line}`);
  const extra = received.filter((line) => !expected.includes(line)).map((line) => `  + ${line}`);
  const common = expected.filter((line) => received.includes(line)).map((line) => `    ${line}`);
  return [...common, ...missing, ...extra];
}
