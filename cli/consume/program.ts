import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ConsumedBatch } from "../../functions/consume";
import type { ScfContext } from "../../functions/invocation/deadline";
import type { Summary } from "../../functions/invocation/summary";
import type { Credentials } from "../../functions/tencent/credentials";
import { UserError } from "../../terminal/user-error";

/** What a stream pipeline runs: the files of its zip, and its variables. */
export interface ProgramSource {
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** `index.main_handler` */
  readonly handler: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Time limit of one invocation in milliseconds, as in SCF: its outputs then give up, and the batch is retried. */
const LIMIT_MS = 900_000;

/** Maximum JSON bytes of one invocation: handlers refuse events that unpack to more than 16 MiB. */
const EVENT_BYTES = 4 * 1024 * 1024;
const EVENT_RECORDS = 20_000;

type Handler = (event: unknown, context: ScfContext) => Promise<Summary>;

/** The handler of a stream pipeline in this process, which processes the records of a batch. */
export class Program {
  readonly #folder: string;
  readonly #handler: Handler;
  readonly #credentials: () => Credentials;
  #invocations = 0;

  constructor({ files, handler, variables }: ProgramSource, credentials: () => Credentials) {
    this.#credentials = credentials;
    this.#folder = mkdtempSync(join(tmpdir(), "tencent-logs-consume-"));
    for (const [name, content] of Object.entries(files)) {
      const file = join(this.#folder, name);
      if (!file.startsWith(this.#folder))
        throw new UserError(`each file of the code must be inside its folder, got ${name}`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    Object.assign(process.env, variables);
    this.#handler = this.#load(handler);
  }

  /** Runs the handler on a batch. Throws if the records must be delivered again. */
  async handle(batch: ConsumedBatch): Promise<Summary[]> {
    const summaries: Summary[] = [];
    for (const event of eventsOf(batch)) {
      this.#renewKeys();
      const request = `${batch.topic.name}-${batch.partition}-${batch.startOffset}-${this.#invocations++}`;
      summaries.push(await this.#handler(event, { request_id: request, time_limit_in_ms: LIMIT_MS }));
    }
    return summaries;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #load(handler: string): Handler {
    const [file, name = "main_handler"] = handler.split(".");
    const exported = createRequire(join(this.#folder, "load.js"))(join(this.#folder, `${file}.js`)) as unknown;
    const found = (exported as Record<string, unknown>)[name];
    if (typeof found !== "function") throw new UserError(`${file}.js must export ${name}, got no function`);
    return found as Handler;
  }

  /** The handler reads its keys from SCF's variables. */
  #renewKeys(): void {
    const { secretId, secretKey, sessionToken } = this.#credentials();
    process.env.TENCENTCLOUD_SECRETID = secretId;
    process.env.TENCENTCLOUD_SECRETKEY = secretKey;
    if (sessionToken === undefined) delete process.env.TENCENTCLOUD_SESSIONTOKEN;
    else process.env.TENCENTCLOUD_SESSIONTOKEN = sessionToken;
  }
}

/** The records as events in CLS's format, but larger. Fact: docs/design/facts/runtime.md#cls-trigger-event. */
function* eventsOf({ topic, records }: ConsumedBatch): Generator<object> {
  let entries: object[] = [];
  let bytes = 0;
  for (const record of records) {
    const content = Buffer.from(record.raw).toString("utf8");
    entries.push({ timestamp: String(record.time), content });
    bytes += content.length;
    if (bytes < EVENT_BYTES && entries.length < EVENT_RECORDS) continue;
    yield eventOf(topic, entries);
    entries = [];
    bytes = 0;
  }
  if (entries.length > 0) yield eventOf(topic, entries);
}

function eventOf({ topicId, name }: ConsumedBatch["topic"], records: readonly object[]): object {
  const text = JSON.stringify({ topic_id: topicId, topic_name: name, records });
  return { clslogs: { data: Buffer.from(text).toString("base64") } };
}
