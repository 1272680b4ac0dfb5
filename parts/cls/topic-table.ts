import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { credentialsOf } from "../cos/source";
import { ReadError, TopicReader, type Offsets, type TopicRead } from "../../functions/tencent/topic-reader";
import { Table, type Row } from "../../rules/functions/table/table";
import { Event } from "../../rules/run/event";
import type { Resource, Run } from "../../rules/run/implementation";
import { fail } from "../../rules/run/values";
import type { TopicOptions } from "./options";

/** Maximum characters of text in a table, which stays in the function's memory. */
const MAX_TABLE_CHARACTERS = 128 * 1024 * 1024;

/** Which logs are used, and how. */
export interface Selection {
  /** Whether a log is used. */
  readonly includes: (event: Event) => boolean;
  /** For a table with keys: whether a log sets its row. */
  readonly upserts: (event: Event) => boolean;
  /** For a table with keys: whether a log removes its row. */
  readonly deletes: (event: Event) => boolean;
}

type Fields = Readonly<Record<string, string>>;

/** A topic's logs as a table, which grows while the function's instance lives. */
export class TopicTable implements Resource {
  readonly #options: (run: Run) => TopicOptions;
  readonly #selection: Selection;
  /** By their keys, or by number if there are none. */
  #rows = new Map<string, Row>();
  #characters = 0;
  #count = 0;
  #table: Table | undefined;
  #offsets: Offsets = {};
  /** Whether the rows have changed since the table was built, including by a read that failed in the middle. */
  #hasChanged = false;
  /** When the topic was last read, in milliseconds since 1970. */
  #readAt = 0;

  /** @param options returns the options; called when the topic is read */
  constructor(options: (run: Run) => TopicOptions, selection: Selection) {
    this.#options = options;
    this.#selection = selection;
  }

  /** The table. Fails before the first {@link refresh}. */
  get value(): Table {
    return this.#table ?? fail("res_log_logstore_pull must be loaded before the first event");
  }

  /**
   * The first call reads the topic to its end. Later calls read what was added, once the interval has passed. If a later
   * read fails, the known rows stay, and the error is written to standard error.
   */
  async refresh(run: Run): Promise<boolean> {
    const options = this.#options(run);
    if (this.#table && (options.until || run.now() - this.#readAt < options.intervalMs)) return false;
    this.#readAt = run.now();
    try {
      return await this.#read(options, run);
    } catch (error) {
      if (!this.#table) throw error;
      console.error(`res_log_logstore_pull goes on with what it has read before: ${(error as Error).message}`);
      return false;
    }
  }

  async #read(options: TopicOptions, run: Run): Promise<boolean> {
    if (options.folder === undefined) await this.#pull(options, run);
    else await this.#readFile(options);
    if (!this.#hasChanged && this.#table) return false;
    this.#hasChanged = false;
    this.#table = new Table(
      options.columns.map(({ name }) => name),
      [...this.#rows.values()],
      false,
    );
    return true;
  }

  /** Reads the topic's logs from where the last read ended. */
  async #pull(options: TopicOptions, run: Run): Promise<void> {
    const { topicId, region, from, until, patienceMs } = options;
    const reader = new TopicReader({ topicId, region, credentials: () => credentialsOf(options, run) });
    // After a read that failed in the middle, the next one continues after the logs already taken.
    const read: TopicRead = { from: this.#table ? this.#offsets : from, until, follow: false, patienceMs };
    try {
      for await (const event of reader.read(read)) {
        if (event.kind !== "logs") continue;
        for (const { contents } of event.logs) this.#take(contents, options);
        const { partition, nextOffset } = event;
        if (partition !== undefined && nextOffset !== undefined)
          this.#offsets = { ...this.#offsets, [partition]: nextOffset };
      }
    } catch (error) {
      if (!this.#table) this.#forget();
      throw error instanceof ReadError ? new Error(`res_log_logstore_pull: ${error.message}`) : error;
    } finally {
      reader.close();
    }
  }

  /** Reads logs from a file of this machine, one JSON object per line, to try a rule text on a laptop. */
  async #readFile(options: TopicOptions): Promise<void> {
    const text = await readFile(join(options.folder ?? "", options.topicId), "utf8");
    this.#forget();
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    for (const line of lines) this.#take(JSON.parse(line) as Fields, options);
    this.#hasChanged = true;
  }

  #forget(): void {
    this.#rows.clear();
    this.#characters = 0;
    this.#offsets = {};
  }

  #take(fields: Fields, { columns, keys }: TopicOptions): void {
    const event = new Event({ ...fields });
    if (!this.#selection.includes(event)) return;
    const key = keys.length === 0 ? String(this.#count++) : keyOf(fields, keys);
    if (key === undefined) return;
    if (keys.length > 0 && this.#selection.deletes(event)) return this.#set(key, undefined);
    if (keys.length > 0 && !this.#selection.upserts(event)) return;
    this.#set(
      key,
      columns.map(({ field }) => (Object.hasOwn(fields, field) ? String(fields[field]) : undefined)),
    );
  }

  #set(key: string, row: Row | undefined): void {
    const before = this.#rows.get(key);
    if (!before && !row) return;
    this.#characters += sizeOf(row) - sizeOf(before);
    if (this.#characters > MAX_TABLE_CHARACTERS) {
      fail(
        `res_log_logstore_pull must make a table of at most ${MAX_TABLE_CHARACTERS} characters, got more; ` +
          "give primary_keys, fewer fields, a later from_time or fetch_include_data",
      );
    }
    if (row) this.#rows.set(key, row);
    else this.#rows.delete(key);
    this.#hasChanged = true;
  }
}

/** Undefined if the log lacks one of them. */
function keyOf(fields: Fields, keys: readonly string[]): string | undefined {
  const values = keys.map((key) => (Object.hasOwn(fields, key) ? String(fields[key]) : undefined));
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}

/** An empty row has a size, too. */
function sizeOf(row: Row | undefined): number {
  return row === undefined ? 0 : row.reduce((size, cell) => size + (cell?.length ?? 0), 64);
}
