/** How many examples a property of alerts is tried with: few in the suite, many in test/soak/alerts.soak.ts. */
export function runs(few: number): number {
  return process.env.LOGS_ALERT_RUNS === undefined ? few : Math.ceil((few / 20) * Number(process.env.LOGS_ALERT_RUNS));
}

/** Milliseconds that they may take on a busy machine. */
export const RUNS_MS = process.env.LOGS_ALERT_RUNS === undefined ? 60_000 : 3_600_000;
