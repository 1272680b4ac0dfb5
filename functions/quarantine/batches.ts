import type { OutputContext } from "../outputs/context";
import { keyOf } from "../outputs/key";
import type { OutputFailure } from "../outputs/output-error";
import type { KeptAs, Parcel } from "../outputs/parcel";
import { QuarantineStore } from "./store";

/** What is left of a batch that an output could not deliver, beside its lines. Stored as JSON. */
export interface BatchNote {
  readonly version: 1;
  /** Name of the output. */
  readonly output: string;
  /** The input, as places name it. */
  readonly input: string;
  /** The input, as keys and ids are made of it. */
  readonly path: string;
  /** Name of the parcel within the input. */
  readonly part: string;
  /** Key of the batch's lines, gzip, or of its Parquet file, in the bucket of the note. */
  readonly lines: string;
  /** What lies there, which depends on the kind of the output. */
  readonly keptAs: KeptAs;
  readonly records: number;
  readonly reason: OutputFailure;
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** When the invocation began, ISO 8601: the time of logs that have none of their own. */
  readonly began: string;
  /** When the note was written, or the batch was tried last, ISO 8601. */
  readonly time: string;
  /** Where it was tried again since: when it failed first, ISO 8601. */
  readonly since?: string;
}

/**
 * Leaves a batch under the quarantine prefix, in `outputs/NAME/`: its lines first, then the note that leads to them. The
 * keys are those of the batch, so that another delivery of the same input writes them over.
 *
 * @throws `ServiceError` where either cannot be written
 */
export async function leaveBatch(parcel: Parcel, reason: OutputFailure, context: OutputContext): Promise<void> {
  const { cos, quarantine, retry, signal, output, input, left, requestId, now } = context;
  // Where it takes longer than there is time, the input's own note is what stands for it.
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
  // What is given up in the middle may be there all the same.
  left.push(noteKey, lines);
  await store.put(lines, parcel.lines(), type);
  await store.putNote(noteKey, note);
}

const LINES = [".jsonl.gz", "application/gzip"] as const;

/** How the keys of batches end, and what they are. */
const FORMS = {
  records: LINES,
  objects: LINES,
  parquet: [".parquet", "application/vnd.apache.parquet"],
} as const satisfies { readonly [Kept in KeptAs]: readonly [string, string] };

/** Whether a key under a quarantine prefix is that of a batch's records, which a note beside it leads to. */
export function isBatchKey(key: string, prefix: string): boolean {
  return key.startsWith(batchFolder(prefix)) && Object.values(FORMS).some(([extension]) => key.endsWith(extension));
}

/** Writes anew the note of a batch that its output did not take once more. @param now milliseconds since the epoch */
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

/** Begins the keys of all batches under a quarantine prefix. */
export function batchFolder(prefix: string): string {
  return `${prefix}outputs/`;
}
