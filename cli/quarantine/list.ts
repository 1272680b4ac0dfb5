import { cosUrl } from "../../functions/tencent/cos-client";
import { type Console, oneLine } from "../../terminal/console";
import { readFlags } from "../../terminal/flags";
import { layOut } from "../../terminal/table";
import { QUARANTINE_FLAGS, quarantineOf } from "./flags";
import { type Note, runningUntil } from "./note";
import { readNotes } from "./notes";

const LIST_USAGE = `Usage: tencent-logs quarantine list --bucket BUCKET --region REGION --prefix PREFIX [--json]

Lists what a pipeline could not read or deliver: objects, CLS events, and batches that an output did not accept, with the
reason, how far each was read, and its age. KIND is killed if an invocation ended without a reason, and running if it may
still be at work.

  --bucket BUCKET  bucket of the notes, with its APPID: logs-1250000000
  --region REGION  region of the bucket: ap-guangzhou
  --prefix PREFIX  quarantine prefix of the pipeline: quarantine/<path>/
  --json           writes one note per line, as JSON

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN.
Exits with 1 if an object below the prefix is not a note.

Examples:
  tencent-logs quarantine list --bucket logs-1250000000 --region ap-guangzhou --prefix quarantine/logs/batch/
  tencent-logs quarantine list --bucket logs-1250000000 --region ap-guangzhou --prefix quarantine/logs/batch/ --json | jq .reason
`;

const HEADER = ["AGE", "KIND", "CODE", "REACHED", "WHAT"];

/** `tencent-logs quarantine list`. Returns the exit status. */
export async function list(args: readonly string[], console: Console, now = Date.now()): Promise<number> {
  const values = readFlags(args, { ...QUARANTINE_FLAGS, json: { type: "boolean" } });
  if (values.help) {
    console.stdout.write(LIST_USAGE);
    return 0;
  }
  const quarantine = quarantineOf(values);

  const problems: string[] = [];
  // A note can contain an event of 128 KB: only its row is kept.
  const rows: string[][] = [];
  for await (const found of readNotes(quarantine)) {
    if (found.type === "problem") problems.push(`${cosUrl({ ...quarantine, key: found.noteKey })} ${found.problem}`);
    else if (values.json) console.stdout.write(`${JSON.stringify(found.note)}\n`);
    else rows.push(rowOf(found, now));
  }
  if (!values.json) console.stdout.write(rows.length === 0 ? "no notes\n" : layOut([HEADER, ...rows]));
  for (const problem of problems) console.stderr.write(`${oneLine(problem)}\n`);
  return problems.length > 0 ? 1 : 0;
}

function rowOf(found: Note, now: number): string[] {
  const { time, reason } = found.note;
  return [
    age(now - Date.parse(time)),
    runningUntil(found, now) ? "running" : found.type === "batch" ? "output" : found.note.reason.kind,
    reason.code,
    found.type === "object" ? `line ${found.note.reached.line}, byte ${found.note.reached.bytes}` : found.type,
    oneLine(found.name),
  ];
}

/** An age in its largest unit: `5m`, `3h`, `2d`. */
function age(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / (24 * 60))}d`;
}
