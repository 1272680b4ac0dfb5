import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LiveRecord } from "../../functions/live/record";
import { LiveCloud } from "./support/live-cloud";
import { describePython, type Language, Runtime } from "./support/runtime";

// A process starts and writes a megabyte: on a busy machine that is no matter of five seconds.
jest.setTimeout(30_000);

/** One case of `cases.json`, which both reporters pass: what a request writes, and the records that come of it. */
interface Case {
  readonly name: string;
  readonly writes: readonly Write[];
  /** The records before that of the end. */
  readonly records?: readonly (Record<string, unknown> & Repeated)[];
  /** In their place, one line by the text that its pieces make. */
  readonly whole?: { readonly text: string; readonly times: number; readonly pieces: number };
  /** In their place, only how many. */
  readonly count?: { readonly lines: number; readonly dropped: number; readonly bytes: number };
  /** Of the end. */
  readonly lines: number;
}

/** `before` once, then `text` so many times. */
interface Repeated {
  readonly before?: string;
  readonly text?: string;
  readonly times?: number;
}

/** `each`: in so many writes. */
type Write =
  (Repeated & { readonly stream: string; readonly base64?: string; readonly each?: boolean }) | { wait: number };

const CASES = JSON.parse(readFileSync(join(__dirname, "cases.json"), "utf8")) as Case[];

/** Writes what the event says. */
const CODE: Readonly<Record<Language, string>> = {
  node: `
exports.main_handler = async (writes) => {
  for (const { wait, stream, text, times = 1, each, base64 } of writes) {
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    else if (each) for (let time = 0; time < times; time++) process[stream].write(text);
    else process[stream].write(base64 === undefined ? text.repeat(times) : Buffer.from(base64, "base64"));
  }
};`,
  python: `
import base64, sys, time

def main_handler(writes, context):
    for write in writes:
        if "wait" in write:
            time.sleep(write["wait"] / 1000)
            continue
        stream = getattr(sys, write["stream"])
        if "base64" in write:
            stream.buffer.write(base64.b64decode(write["base64"]))
        elif write.get("each"):
            for _ in range(write["times"]):
                stream.write(write["text"])
        else:
            stream.write(write["text"] * write.get("times", 1))
        stream.flush()
`,
};

/** What a case tells of a record. */
function told(record: LiveRecord): object {
  if (record.kind === "end") return { kind: record.kind, lines: record.lines };
  if (record.kind === "dropped") return { kind: record.kind, lines: record.lines, bytes: record.bytes };
  const { kind, stream, level, text, piece } = record;
  return { kind, stream, level, text, ...(piece && { piece: `${piece.number}/${piece.of}` }) };
}

function expected({ before = "", text, times = 1, ...rest }: Record<string, unknown> & Repeated): object {
  return text === undefined ? rest : { ...rest, text: before + text.repeat(times) };
}

function reports(language: Language, environment: Record<string, string> = {}): void {
  let cloud: LiveCloud;
  let shared: Runtime;

  beforeAll(async () => {
    cloud = await LiveCloud.start();
    cloud.watch();
    shared = await start();
  });
  afterAll(async () => {
    await shared.close();
    await cloud.stop();
  });
  beforeEach(() => void (cloud.uploads.length = 0));

  async function start(): Promise<Runtime> {
    const all = { ...cloud.environment(), ...environment };
    const runtime = new Runtime({ language, code: CODE[language], environment: all });
    await runtime.loaded();
    return runtime;
  }

  it.each(CASES.filter(isSmall))("$name", (one) => passes(shared, one));

  // What is counted in five seconds is the instance's.
  it.each(CASES.filter((one) => !isSmall(one)))("$name", async (one) => {
    const runtime = await start();
    await passes(runtime, one);
    await runtime.close();
  });

  async function passes(runtime: Runtime, { writes, records, whole, count, lines }: Case): Promise<void> {
    const { error } = await runtime.invoke(writes);
    expect(error).toBeUndefined();
    await cloud.comes("the end", () => cloud.records().some(({ kind }) => kind === "end"));

    const got = cloud.records();
    expect(got.map(({ seq }) => seq)).toEqual(got.map((_, index) => got[0].seq + index));
    expect(told(got[got.length - 1])).toEqual({ kind: "end", lines });
    const rest = got.slice(0, -1);
    if (records) expect(rest.map(told)).toEqual(records.map(expected));
    if (whole) expectWhole(rest, whole);
    if (count) expectCount(rest, count);
    expect(runtime.trouble()).toEqual([]);
  }
}

function isSmall({ whole, count, records = [] }: Case): boolean {
  return !whole && !count && records.every(({ kind }) => kind !== "dropped");
}

function expectWhole(records: readonly LiveRecord[], { text, times, pieces }: NonNullable<Case["whole"]>): void {
  const places = records.map((record) => record.kind === "line" && record.piece);
  expect(places).toEqual(Array.from({ length: pieces }, (_, index) => ({ number: index + 1, of: pieces })));
  const joined = records.map((record) => (record.kind === "line" ? record.text : "")).join("");
  expect(joined === text.repeat(times)).toBe(true);
}

function expectCount(records: readonly LiveRecord[], { lines, dropped, bytes }: NonNullable<Case["count"]>): void {
  let [counted, droppedLines, droppedBytes] = [0, 0, 0];
  for (const record of records) {
    if (record.kind === "line" && (record.piece?.number ?? 1) === 1) counted++;
    if (record.kind !== "dropped") continue;
    droppedLines += record.lines;
    droppedBytes += record.bytes;
  }
  expect({ lines: counted, dropped: droppedLines, bytes: droppedBytes }).toEqual({ lines, dropped, bytes });
}

describe("the reporter for Node", () => reports("node"));
describePython("the reporter for Python", () => reports("python"));
// As the runtime of SCF is taken to be: each write goes on at once.
describePython("the reporter for Python, unbuffered", () => reports("python", { PYTHONUNBUFFERED: "1" }));
