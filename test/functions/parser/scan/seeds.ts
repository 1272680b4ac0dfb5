import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Inputs that the fuzzer kept, since each brings the scanner into a state of its own: a text of JSON, each byte a character. */
export const SEEDS = join(__dirname, "fuzz-seeds.json");

export function readSeeds(): Buffer[] {
  if (!existsSync(SEEDS)) return [];
  return (JSON.parse(readFileSync(SEEDS, "utf8")) as string[]).map((seed) => Buffer.from(seed, "latin1"));
}

/** Seeds as they are kept: sorted, so that a run changes few lines of the file. */
export function textOfSeeds(seeds: readonly Buffer[]): string {
  const lines = seeds
    .map((seed) => seed.toString("latin1"))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    // What is not ASCII is escaped: a line separator, and a byte that is no character.
    .map((seed) =>
      JSON.stringify(seed).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
    );
  return `[\n  ${lines.join(",\n  ")}\n]\n`;
}
