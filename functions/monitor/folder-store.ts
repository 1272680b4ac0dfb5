import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { StateStore } from "../../monitor";

/** A key that would be outside the folder, or that is not a valid file name. */
export class FolderKeyError extends Error {
  override readonly name = "FolderKeyError";
}

/**
 * Objects as files below a folder, for a process that has a disk and no bucket. Writes survive a crash: a file is either
 * complete under its name, or missing. Processes on one machine can share the folder.
 */
export class FolderStore implements StateStore {
  readonly #folder: string;
  #writes = 0;

  /** @param folder created at the first write */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async create(key: string, body: string): Promise<"created" | "exists"> {
    const path = this.#path(key);
    await mkdir(dirname(path), { recursive: true });
    try {
      await write(path, body, "wx");
      return "created";
    } catch (error) {
      if (codeOf(error) === "EEXIST") return "exists";
      throw error;
    }
  }

  async put(key: string, body: string): Promise<void> {
    const path = this.#path(key);
    await mkdir(dirname(path), { recursive: true });
    const beside = `${path}.${process.pid}-${this.#writes++}${UNFINISHED}`;
    try {
      await write(beside, body, "w");
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async get(key: string): Promise<string | undefined> {
    try {
      return await readFile(this.#path(key), "utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const keys: string[] = [];
    for (const entry of await this.#entries()) {
      const key = entry.split(sep).join("/");
      if (key.startsWith(prefix) && !key.endsWith(UNFINISHED)) keys.push(key);
    }
    yield* keys.sort();
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async #entries(): Promise<string[]> {
    try {
      const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
      const from = this.#folder.length + 1;
      return entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, path, name }) => join(parentPath ?? path, name).slice(from));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  }

  #path(key: string): string {
    const isSafe = key.split("/").every((name) => name !== "" && name !== "." && name !== ".." && !/[\0\\]/.test(name));
    if (!isSafe) throw new FolderKeyError(`a key must be names with / between, got ${JSON.stringify(key)}`);
    return join(this.#folder, ...key.split("/"));
  }
}

/** Suffix of a file that is being written. */
const UNFINISHED = ".unfinished";

async function write(path: string, body: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
