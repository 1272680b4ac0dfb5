import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folders that this process created. */
const folders = new Set<string>();

/**
 * Runs work with a folder that is removed afterwards. It is removed again when the process exits, even during the work,
 * because a write in progress at an interrupt can still create a file in it.
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
