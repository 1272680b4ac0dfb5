import { cosUrl } from "../../functions/tencent/cos-client";
import { type Console, oneLine } from "../console";
import { PLACE_FLAGS, placeOf, readFlags } from "../flags";
import type { Note } from "./note";
import { readNotes } from "./notes";

export const LIST_USAGE = `Usage: tencent-logs quarantine list --bucket BUCKET --region REGION --prefix PREFIX [--json]

Lists what a pipeline could not read or deliver: why, how far it came, and how long ago. That is objects, events of CLS,
and batches that an output did not take.

  --bucket BUCKET  bucket of the notes, with its APPID: logs-1250000000
  --region REGION  its region: ap-guangzhou
  --prefix PREFIX  the pipeline's quarantine prefix: quarantine/<path>/
  --json           one note a line, as JSON

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN.
Exits with 1 where an object below the prefix is no note.
`;

/** `tencent-logs quarantine list`. Returns the exit status. */
export async function list(args: readonly string[], console: Console, now = Date.now()): Promise<number> {
  const values = readFlags(args, { ...PLACE_FLAGS, json: { type: "boolean" } });
  if (values.help) {
    console.stdout.write(LIST_USAGE);
    return 0;
  }
  const place = placeOf(values);

  const problems: string[] = [];
  const notes: Note[] = [];
  for await (const found of readNotes(place)) {
    if (found.type !== "problem") notes.push(found);
    else problems.push(`${cosUrl({ bucket: place.bucket, key: found.noteKey })} ${found.problem}`);
  }
  const json = () => notes.map(({ note }) => `${JSON.stringify(note)}\n`).join("");
  console.stdout.write(values.json ? json() : table(notes, now));
  for (const problem of problems) console.stderr.write(`${oneLine(problem)}\n`);
  return problems.length > 0 ? 1 : 0;
}

function table(notes: readonly Note[], now: number): string {
  if (notes.length === 0) return "no notes\n";
  const rows = notes.map((found) => [
    age(now - Date.parse(found.note.time)),
    found.type === "batch" ? "output" : found.note.reason.kind,
    found.note.reason.code,
    found.type === "object" ? `line ${found.note.reached.line}, byte ${found.note.reached.bytes}` : found.type,
    oneLine(found.name),
  ]);
  const header = ["AGE", "KIND", "CODE", "REACHED", "WHAT"];
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column].length)));
  return [header, ...rows]
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** An age in its largest unit: `5m`, `3h`, `2d`. */
function age(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / (24 * 60))}d`;
}
