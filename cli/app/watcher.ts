import { type FSWatcher, fstatSync, readdirSync, type Stats, statSync, watch } from "node:fs";
import { join, relative } from "node:path";

/** Milliseconds without changes after which changes are reported: editors write a file in several steps. */
const QUIET_MS = 40;

/** Folders without user sources, or that the app writes itself. */
const IGNORED_FOLDERS = /^(?:node_modules|cdktf\.out|coverage|\..*)$/;
/** Temporary files of editors and Terraform. */
const IGNORED_FILES = /^\.|~$|\.(?:swp|swx|tmp|tfstate|tfstate\.backup|tsbuildinfo|lock\.info)$/;

/**
 * Watches the files of a project, folder by folder, so that `node_modules` has no cost. Reports the changed files,
 * relative to the project's folder, once there are no changes for a moment. Close it after use.
 */
export class ProjectWatcher {
  readonly #folder: string;
  readonly #watchers = new Map<string, FSWatcher>();
  /** State of the files at the last check. */
  readonly #states = new Map<string, string>();
  readonly #seen = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param ignored files that are not part of the app, such as logs that are fed */
  constructor(
    folder: string,
    private readonly ignored: ReadonlySet<string>,
    private readonly tell: (files: readonly string[]) => void,
  ) {
    this.#folder = folder;
    this.#add(folder);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, (_event, name) => this.#see(folder, name));
      watcher.on("error", () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !IGNORED_FOLDERS.test(entry.name)) this.#add(path);
        else if (entry.isFile()) this.#states.set(path, stateOf(path) ?? "");
      }
    } catch {
      // It was removed again.
      this.#forget(folder);
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #see(folder: string, name: string | null): void {
    if (name === null || IGNORED_FILES.test(name) || IGNORED_FOLDERS.test(name)) return;
    const path = join(folder, name);
    if (this.ignored.has(path)) return;
    this.#seen.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), QUIET_MS);
  }

  /** Finds the files whose state has changed. */
  #look(): void {
    const changed = [...this.#seen].filter((path) => this.#differs(path)).sort();
    this.#seen.clear();
    if (changed.length > 0) this.tell(changed.map((path) => relative(this.#folder, path)));
  }

  #differs(path: string): boolean {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) {
      const isNew = !this.#watchers.has(path);
      this.#add(path);
      return isNew && readdirSync(path).length > 0;
    }
    if (stats && isOurOutput(stats)) return false;
    if (!stats) this.#forget(path);
    const state = stats && stateText(stats);
    if (state === this.#states.get(path)) return false;
    if (state === undefined) this.#states.delete(path);
    else this.#states.set(path, state);
    return true;
  }
}

function stateOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && stateText(stats);
}

function stateText({ ino, mtimeMs, size }: Stats): string {
  return `${ino} ${mtimeMs} ${size}`;
}

/** Whether this process writes to a file: `dev > out.txt` would otherwise trigger itself endlessly. */
function isOurOutput({ dev, ino }: Stats): boolean {
  return [1, 2].some((descriptor) => {
    try {
      const own = fstatSync(descriptor);
      return own.dev === dev && own.ino === ino;
    } catch {
      return false;
    }
  });
}
