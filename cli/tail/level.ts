/** Levels of `--level`, from the lowest. */
export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

const OTHERS: Readonly<Record<string, string>> = { warning: "warn", critical: "fatal", log: "info", notset: "trace" };

/** The level by its name in events: Python, pino and SCF use other names and spellings. */
export function levelName(level: string): string {
  const lower = level.toLowerCase();
  return lower === "warning" ? "warn" : lower;
}

/** Rank of a level. Missing and unknown ones count as `info`, like most lines. */
export function rankOf(level: string): number {
  const rank = (LEVELS as readonly string[]).indexOf(OTHERS[level] ?? level);
  return rank === -1 ? LEVELS.indexOf("info") : rank;
}
