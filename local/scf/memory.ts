import { readFileSync } from "node:fs";

/**
 * The most memory, in MB, that the process has held resident since it began; what counts against a function's memory.
 * `undefined` where the system does not tell (only Linux does): V8's own limit then has to do.
 */
export function peakMemoryMb(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return match ? Number(match[1]) / 1024 : undefined;
  } catch {
    // The process is gone.
    return undefined;
  }
}
