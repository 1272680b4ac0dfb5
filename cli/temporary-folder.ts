import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What this process made. */
const folders = new Set<string>();

/**
 * Does work with a folder that is gone afterwards. It is removed once more when the process exits, be it in the midst of the
 * work, since what was being written when the user interrupted may still put a file there.
 */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "tencent-logs-"));
  if (folders.size === 0) process.once("exit", () => folders.forEach(remove));
  folders.add(folder);
  try {
    return await work(folder);
  } finally {
    remove(folder);
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
