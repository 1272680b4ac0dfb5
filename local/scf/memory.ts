import { readFileSync } from "node:fs";

/**
 * Peak resident memory of the process in MB, which counts against a function's memory. `undefined` if the system does
 * not report it (only Linux does); V8's own limit must then suffice.
 */
export function peakMemoryMb(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return match ? Number(match[1]) / 1024 : undefined;
  } catch {
    // The process has exited.
    return undefined;
  }
}
