import type { OutputContext } from "../outputs/context";
import { keyOf } from "../outputs/key";
import type { OutputFailure } from "../outputs/output-error";
import type { KeptAs, Parcel } from "../outputs/parcel";
import { QuarantineStore } from "./store";

/** The note of a batch that an output could not deliver; its lines are stored beside it. Stored as JSON. */
export interface BatchNote {
  readonly version: 1;
  /** Name of the output. */
  readonly output: string;
  /** The input's name as in places. */
  readonly input: string;
  /** The input's path, from which keys and ids derive. */
  readonly path: string;
  /** Name of the parcel within the input. */
  readonly part: string;
  /** Key of the batch's gzip lines, or of its Parquet file, in the bucket of the note. */
  readonly lines: string;
  /** Form of the stored batch, which depends on the kind of output. */
  readonly keptAs: KeptAs;
  readonly records: number;
  readonly reason: OutputFailure;
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** Start of the invocation, ISO 8601: the time of logs that have none. */
  readonly began: string;
  /** When the note was written, or the batch was last tried, ISO 8601. */
  readonly time: string;
  /** When it first failed, ISO 8601, if it was retried since. */
  readonly since?: string;
}

/**
 * Writes a batch under the quarantine prefix, in `outputs/NAME/`: its lines first, then the note that refers to them. The
 * keys derive from the batch, so that another delivery of the same input overwrites them.
 *
 * @throws `ServiceError` if either cannot be written
 */
export async function leaveBatch(parcel: Parcel, reason: OutputFailure, context: OutputContext): Promise<void> {
  const { cos, quarantine, retry, signal, output, input, left, requestId, now } = context;
  // If this takes longer than the remaining time, the input's own note covers it.
  const store = new QuarantineStore(cos, quarantine, retry, signal);
  const folder = `${batchFolder(store.prefix)}${output}/`;
  const [extension, type] = FORMS[parcel.keptAs];
  const lines = keyOf(folder, input.path, `/${parcel.name}${extension}`);
  const note: BatchNote = {
    version: 1,
    output,
    input: input.name,
    path: input.path,
    part: parcel.name,
    lines,
    keptAs: parcel.keptAs,
    records: parcel.records,
    reason,
    requestId,
    began: new Date(now).toISOString(),
    time: new Date().toISOString(),
  };
  const noteKey = keyOf(folder, input.path, `/${parcel.name}.json`);
  // A write that is aborted can nevertheless have succeeded.
  left.push(noteKey, lines);
  await store.put(lines, parcel.lines(), type);
  await store.putNote(noteKey, note);
}

const LINES = [".jsonl.gz", "application/gzip"] as const;

/** Suffixes of batches' keys, and content types. */
const FORMS = {
  records: LINES,
  objects: LINES,
  parquet: [".parquet", "application/vnd.apache.parquet"],
} as const satisfies { readonly [Kept in KeptAs]: readonly [string, string] };

/** Whether a key under a quarantine prefix belongs to a batch's records, to which a note beside it refers. */
export function isBatchKey(key: string, prefix: string): boolean {
  return key.startsWith(batchFolder(prefix)) && Object.values(FORMS).some(([extension]) => key.endsWith(extension));
}

/** Updates the note of a batch whose redelivery failed. @param now milliseconds since the epoch */
export async function leaveBatchAgain(
  store: QuarantineStore,
  noteKey: string,
  note: BatchNote,
  { code, message }: Pick<OutputFailure, "code" | "message">,
  now: number,
): Promise<void> {
  const time = new Date(now).toISOString();
  await store.putNote(noteKey, { ...note, reason: { code, message }, since: note.since ?? note.time, time });
}

/** Prefix of the keys of all batches under a quarantine prefix. */
export function batchFolder(prefix: string): string {
  return `${prefix}outputs/`;
}
