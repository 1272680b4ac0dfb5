/** Levels that `--level` takes, from the lowest. */
export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

const OTHERS: Readonly<Record<string, string>> = { warning: "warn", critical: "fatal", log: "info", notset: "trace" };

/** The level by the name that events have for it: Python, pino and SCF call it differently, and by other letters. */
export function levelName(level: string): string {
  const lower = level.toLowerCase();
  return lower === "warning" ? "warn" : lower;
}

/** How high a level is. What has none, or one that is not known, counts as `info`: it is what most lines are. */
export function rankOf(level: string): number {
  const rank = (LEVELS as readonly string[]).indexOf(OTHERS[level] ?? level);
  return rank === -1 ? LEVELS.indexOf("info") : rank;
}
