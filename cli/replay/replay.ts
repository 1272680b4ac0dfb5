import { cosUrl } from "../../functions/tencent/cos-client";
import { UsageError } from "../../terminal/user-error";
import { type Console, oneLine } from "../../terminal/console";
import { matching, readFlags } from "../../terminal/flags";
import { Progress } from "../../terminal/progress";
import { inOrder } from "../in-order";
import { QUARANTINE_FLAGS, type Quarantine, quarantineOf } from "../quarantine/flags";
import { type Note, runningUntil } from "../quarantine/note";
import { readNotes } from "../quarantine/notes";
import { Invoker, type Replayed } from "./invoke";

const REPLAY_USAGE = `Usage: tencent-logs replay --bucket BUCKET --region REGION --prefix PREFIX --function NAME
                           (--key KEY | --under KEYS | --all) [--namespace NAME] [--sync] [--dry-run] [--concurrency N]
                           [--json]

Makes the function retry what has a note in quarantine; on success, the note is removed. Objects are read from their start,
CLS events are delivered as a whole, and batches are sent to the output that did not accept them. Notes that an invocation
may still be working on are skipped and reported.

  --bucket BUCKET    bucket of the notes, with its APPID: logs-1250000000
  --region REGION    region of the bucket and the function: ap-guangzhou
  --prefix PREFIX    quarantine prefix of the pipeline: quarantine/<path>/
  --function NAME    function of the pipeline
  --namespace NAME   namespace of the function (default: default)
  --key KEY          only the object with this key, or the event or batch whose note has it
  --under KEYS       only those whose keys begin with this: cls/<path>/2026/01/
  --all              everything that has a note
  --sync             waits for each invocation and shows its summary; otherwise SCF queues them, and retries twice
  --dry-run          shows what would be replayed
  --concurrency N    concurrent invocations, 1 to 32 (default: 4)
  --json             writes JSON objects, one per line: status (read, delivered, queued, failed or would-replay), name,
                     noteKey, and requestId, summary and failure if there are any

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN.
Exits with 1 if something could not be replayed.

Examples, with the same --bucket, --region, --prefix and --function each:
  tencent-logs replay ... --all --dry-run                        # what would be retried
  tencent-logs replay ... --key cls/access/2026/01/31/0.gz --sync  # one object; waits for its summary
  tencent-logs replay ... --under cls/access/2026/01/            # a month
`;

const FLAGS = {
  ...QUARANTINE_FLAGS,
  function: { type: "string" },
  namespace: { type: "string", default: "default" },
  key: { type: "string" },
  under: { type: "string" },
  all: { type: "boolean" },
  sync: { type: "boolean", default: false },
  "dry-run": { type: "boolean" },
  json: { type: "boolean", default: false },
  concurrency: { type: "string", default: "4" },
} as const;

/** `tencent-logs replay`. Returns the exit status. */
export async function replay(args: readonly string[], console: Console): Promise<number> {
  const values = readFlags(args, FLAGS);
  if (values.help) {
    console.stdout.write(REPLAY_USAGE);
    return 0;
  }
  const quarantine = quarantineOf(values);
  const wanted = selection(values);
  const functionName = matching(
    "--function",
    values.function,
    /^[A-Za-z][\w:-]{0,58}[A-Za-z0-9:]$/,
    "must be a function's name",
  );
  const namespace = matching("--namespace", values.namespace, /^[A-Za-z][\w-]*$/, "must be a namespace's name");
  const atOnce = Number(matching("--concurrency", values.concurrency, /^([1-9]|[12]\d|3[0-2])$/, "must be 1 to 32"));

  const told: Told = { problems: [], running: [] };
  const notes = selected(quarantine, wanted.takes, told);
  const target = { region: quarantine.region, functionName, namespace, wait: values.sync };
  const { done, failed } = values["dry-run"]
    ? await showAll(notes, values.json, console)
    : await replayAll(notes, new Invoker(target), { atOnce, isJson: values.json }, console);
  const alone = [...told.problems, ...told.running];
  for (const text of alone) console.stderr.write(`${oneLine(text)}\n`);
  if (done === 0 && told.running.length === 0)
    throw new UsageError(
      `${wanted.flag} must name something that has a note, got none; see tencent-logs quarantine list`,
    );
  return failed + alone.length > 0 ? 1 : 0;
}

interface Selection {
  /** The flag as given, for errors. */
  readonly flag: string;
  takes(key: string): boolean;
}

function selection({ key, under, all }: { key?: string; under?: string; all?: boolean }): Selection {
  const given = [key !== undefined, under !== undefined, all === true].filter(Boolean).length;
  if (given !== 1) throw new UsageError(`one of --key, --under and --all must be given, got ${given}; see --help`);
  if (key !== undefined) return { flag: `--key ${key}`, takes: (other) => other === key };
  if (under !== undefined) return { flag: `--under ${under}`, takes: (other) => other.startsWith(under) };
  return { flag: "--all", takes: () => true };
}

/** What is skipped, and why. */
interface Told {
  /** Objects that are not notes. */
  readonly problems: string[];
  /** Notes that an invocation can still be working on. */
  readonly running: string[];
}

/** The selected notes, one after the other: each can contain an event of 128 KB. */
async function* selected(
  quarantine: Quarantine,
  takes: Selection["takes"],
  { problems, running }: Told,
): AsyncGenerator<Note> {
  for await (const found of readNotes(quarantine)) {
    if (found.type === "problem") {
      problems.push(`${cosUrl({ bucket: quarantine.bucket, key: found.noteKey })} ${found.problem}`);
    } else if (takes(found.key)) {
      const until = runningUntil(found, Date.now());
      if (until === undefined) yield found;
      else running.push(`${found.name} may still be in progress until ${until}; replay it after that`);
    }
  }
}

interface Outcome {
  readonly done: number;
  readonly failed: number;
}

async function showAll(notes: AsyncIterable<Note>, isJson: boolean, console: Console): Promise<Outcome> {
  let done = 0;
  for await (const { name, noteKey } of notes) {
    done++;
    const text = isJson ? JSON.stringify({ status: "would-replay", name, noteKey }) : `would replay ${oneLine(name)}`;
    console.stdout.write(`${text}\n`);
  }
  return { done, failed: 0 };
}

async function replayAll(
  notes: AsyncIterable<Note>,
  invoker: Invoker,
  { atOnce, isJson }: { readonly atOnce: number; readonly isJson: boolean },
  console: Console,
): Promise<Outcome> {
  const progress = new Progress(console.stderr);
  let done = 0;
  let failed = 0;
  const work = async (note: Note) => ({ note, replayed: await invoker.replay(note) });
  try {
    for await (const { note, replayed } of inOrder(notes, atOnce, work)) {
      done++;
      if (replayed.failure !== undefined) failed++;
      progress.clear();
      console.stdout.write(`${isJson ? jsonOf(note, replayed) : line(note, replayed)}\n`);
      progress.update(`${done} replayed, ${failed} failed`);
    }
  } finally {
    progress.clear();
    invoker.close();
  }
  if (done > 0) console.stderr.write(`${done} replayed, ${failed} failed\n`);
  return { done, failed };
}

function jsonOf(note: Note, { requestId, ...replayed }: Replayed): string {
  const { name, noteKey } = note;
  const request = requestId === "" ? {} : { requestId };
  return JSON.stringify({ status: statusOf(note, replayed), name, noteKey, ...request, ...replayed });
}

function statusOf({ type }: Note, { failure, summary }: Omit<Replayed, "requestId">): string {
  if (failure !== undefined) return "failed";
  if (summary === undefined) return "queued";
  return type === "object" ? "read" : "delivered";
}

function line(note: Note, replayed: Replayed): string {
  const { failure, requestId, summary } = replayed;
  const request = requestId === "" ? "" : ` (request ${requestId})`;
  const status = statusOf(note, replayed);
  if (failure !== undefined) return oneLine(`${status} ${note.name}: ${failure}${request}`);
  return oneLine(`${status} ${note.name}${request}${summary === undefined ? "" : ` ${JSON.stringify(summary)}`}`);
}
