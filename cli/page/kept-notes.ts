import { CosClient, cosUrl } from "../../functions/tencent/cos-client";
import type { ListedObject } from "../../functions/tencent/cos-list";
import type { Credentials } from "../../functions/tencent/credentials";
import { ServiceError } from "../../functions/tencent/service-error";
import { UserError } from "../../terminal/user-error";
import { inOrder } from "../in-order";
import type { Quarantine } from "../quarantine/flags";
import { type Note as FoundNote, runningUntil } from "../quarantine/note";
import { type Found, listNotes, readNote } from "../quarantine/notes";
import { Invoker } from "../replay/invoke";
import type { OfFunction } from "../tail/events";
import { tailErrorOf } from "../tail/tail-error";
import { type Board, MAX_NOTES } from "./board";
import type { Note } from "./items";

/** Milliseconds between two checks: each takes a request per thousand keys, and one for each new note. */
const LOOK_MS = 15_000;
/** Maximum keys listed in one quarantine. */
const MAX_KEYS = 2_000;
const READS_AT_ONCE = 8;

/** A deployed pipeline. */
export interface Pipeline extends OfFunction {
  readonly quarantine: Quarantine;
}

/** Notes by the URL of their object, each with the ETag of the version that was read. */
type ReadNotes = Map<string, { readonly eTag: string; readonly found: Found }>;

/** Content of one quarantine, within the limits. */
interface Held {
  readonly notes: readonly Note[];
  /** Number of objects that may be notes and were not read. */
  readonly unread: number;
  readonly remark?: string;
}

/**
 * Content of the quarantines of deployed pipelines, checked periodically, and replays by their functions, like
 * `tencent-logs quarantine list` and `replay`, with the same permissions.
 */
export class KeptNotes {
  readonly #board: Board;
  readonly #onNew: (pipeline: Pipeline, count: number) => void;
  readonly #client: CosClient;
  readonly #ending = new AbortController();
  /** By the URL of the quarantine. */
  #pipelines: ReadonlyMap<string, Pipeline> = new Map();
  /** What was read, by the URL of its object: a changed note is read again. */
  #read: ReadNotes = new Map();
  #isFirst = true;
  #looking: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  /** @param onNew called with the number of new notes of a pipeline since the first check */
  constructor(board: Board, credentials: () => Credentials, onNew: (pipeline: Pipeline, count: number) => void) {
    this.#board = board;
    this.#onNew = onNew;
    this.#client = new CosClient({ credentials });
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Switches to these pipelines, and checks immediately if they changed. */
  follow(pipelines: readonly Pipeline[]): void {
    const before = [...this.#pipelines.keys()].sort().join();
    this.#pipelines = new Map(pipelines.map((one) => [urlOf(one.quarantine), one]));
    if ([...this.#pipelines.keys()].sort().join() !== before) void this.look();
  }

  /** Checks the quarantines; concurrent callers wait for the next check. Never rejects. */
  look(): Promise<void> {
    const next = (this.#looking ?? Promise.resolve()).then(() => this.#look());
    this.#looking = next;
    return next;
  }

  /**
   * Replays a note, and waits for the end of the invocation.
   * @throws UserError if it was not possible, or failed again
   */
  async replay({ bucket, key }: { readonly bucket: string; readonly key: string }): Promise<void> {
    const pipeline = [...this.#pipelines.values()].find(({ quarantine }) => {
      return quarantine.bucket === bucket && key.startsWith(quarantine.prefix);
    });
    const found = pipeline && (await this.#readNote(pipeline.quarantine, key));
    if (!pipeline || !found || found.type === "problem") {
      throw new UserError(`note must be in the quarantine of a pipeline, got ${cosUrl({ bucket, key })}`);
    }
    const until = runningUntil(found, Date.now());
    if (until !== undefined) {
      throw new UserError(`${found.name} may still be in progress until ${until}; replay it after that`);
    }
    try {
      await this.#invoke(pipeline, found);
    } finally {
      await this.look();
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#ending.abort(new Error("the page ends"));
    this.#client.close();
  }

  async #invoke({ region, namespace, function: functionName }: Pipeline, note: FoundNote): Promise<void> {
    const invoker = new Invoker({ region, namespace, functionName, wait: true });
    try {
      const { failure } = await invoker.replay(note);
      if (failure === undefined) return;
      const isDenied = /UnauthorizedOperation/.test(failure);
      const remedy = `; the key's policies must allow scf:InvokeFunction for function ${functionName}`;
      throw new UserError(`${functionName}: ${failure}${isDenied ? remedy : ""}`);
    } finally {
      invoker.close();
    }
  }

  async #readNote({ bucket, region, prefix }: Quarantine, key: string): Promise<Found | undefined> {
    return readNote(this.#client, { bucket, region, key }, prefix).catch((error: unknown) => {
      throw new UserError(problemOf(error, "cos:GetObject", cosUrl({ bucket, key })));
    });
  }

  async #look(): Promise<void> {
    const known = this.#read;
    this.#read = new Map();
    const all = await Promise.all([...this.#pipelines.values()].map((one) => this.#lookAt(one, known)));
    if (this.#ending.signal.aborted) return;
    this.#isFirst = false;
    const notes = all.flatMap((held) => held.notes).sort((one, other) => one.time - other.time);
    const unread = all.reduce((sum, held) => sum + held.unread, 0);
    this.#board.setNotes(notes, unread);
    if (this.#pipelines.size === 0) return;
    this.#board.setRemarks({ quarantine: all.flatMap(({ remark }) => remark ?? []) });
  }

  async #lookAt(pipeline: Pipeline, known: ReadNotes): Promise<Held> {
    const { quarantine } = pipeline;
    const { bucket, region, prefix } = quarantine;
    try {
      const objects = await this.#list(quarantine);
      const isCut = objects.length === MAX_KEYS;
      objects.sort((one, other) => one.lastModified - other.lastModified);
      const wanted = objects.slice(-MAX_NOTES);
      const notes: Note[] = [];
      let fresh = 0;
      const read = async ({ key, eTag = "" }: ListedObject) => {
        const url = cosUrl({ bucket, key });
        const before = known.get(url);
        const isKnown = before?.eTag === eTag && eTag !== "";
        const found = isKnown ? before.found : await readNote(this.#client, { bucket, region, key }, prefix);
        if (found) this.#read.set(url, { eTag, found });
        if (!isKnown) fresh++;
        return found;
      };
      for await (const found of inOrder(wanted, READS_AT_ONCE, read)) {
        const note = found && noteOf(found, quarantine);
        if (note) notes.push(note);
      }
      if (!this.#isFirst && fresh > 0) this.#onNew(pipeline, fresh);
      const list = "tencent-logs quarantine list shows all";
      const remark = `${pipeline.function}: only the first ${MAX_KEYS} objects below ${urlOf(quarantine)} are shown; ${list}`;
      return { notes, unread: objects.length - wanted.length, ...(isCut && { remark }) };
    } catch (error) {
      // Known notes are not known to be gone.
      const kept = [...known].filter(([url]) => url.startsWith(urlOf(quarantine)));
      for (const [url, one] of kept) this.#read.set(url, one);
      const remark = `${pipeline.function}: ${problemOf(error, "cos:GetBucket and cos:GetObject", urlOf(quarantine))}`;
      return { notes: kept.flatMap(([, { found }]) => noteOf(found, quarantine) ?? []), unread: 0, remark };
    }
  }

  async #list({ bucket, region, prefix }: Quarantine): Promise<ListedObject[]> {
    const objects: ListedObject[] = [];
    for await (const one of listNotes(this.#client, { bucket, region, prefix, signal: this.#ending.signal })) {
      objects.push(one);
      if (objects.length === MAX_KEYS) break;
    }
    return objects;
  }
}

function urlOf({ bucket, prefix }: Quarantine): string {
  return cosUrl({ bucket, key: prefix });
}

/** A note in the page's format; undefined while an invocation is working on it. */
function noteOf(found: Found, { bucket }: Quarantine): Note | undefined {
  const { noteKey: key } = found;
  if (found.type === "problem") return { bucket, key, time: 0, about: key, reason: found.problem };
  if (runningUntil(found, Date.now()) !== undefined) return undefined;
  const { time, reason } = found.note;
  return { bucket, key, time: Date.parse(time), about: found.name, reason: `${reason.code}: ${reason.message}` };
}

function problemOf(error: unknown, action: string, what: string): string {
  return error instanceof ServiceError ? tailErrorOf(error, { action, what }).message : (error as Error).message;
}
