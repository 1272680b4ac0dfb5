import { ReceiverClient } from "../../functions/monitor/receivers/client";
import { REAL_CLOCK } from "../../functions/monitor/receivers/clock";
import type { ReceiverError } from "../../functions/monitor/receivers/receiver-error";
import { HttpClient } from "../../functions/tencent/http";
import type { Alert, MonitorFile } from "../../monitor";
import { suggestion } from "../../rules/check/similar";
import { type Console, oneLine } from "../../terminal/console";
import { readArguments } from "../../terminal/flags";
import { layOut } from "../../terminal/table";
import { UsageError } from "../../terminal/user-error";
import { fileOf } from "./check";
import { DefinitionFileError, readDefinitionText } from "./definition-file";

const SEND_TEST_USAGE = `Usage: tencent-logs monitor send-test FILE [FLAGS]

Sends a message that is marked as a test to each receiver of a definition, and shows their answers. It is sent once, and
not stored if a receiver does not accept it.

  --to NAME    only to this receiver; repeat it
  --json       writes one JSON object per receiver: receiver, format, outcome, ms, code, message

Addresses and keys come from the variables that the definition names.
Exits with 1 if a receiver did not accept the message, or the definition is not valid.

Examples:
  tencent-logs monitor send-test monitors.yaml
  tencent-logs monitor send-test monitors.yaml --to oncall
`;

const FLAGS = {
  to: { type: "string", multiple: true },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Milliseconds without data after which a receiver counts as not answering. */
const ANSWER_MS = 10_000;

/** Answer of a receiver. */
interface Answered {
  readonly receiver: string;
  readonly format: string;
  readonly outcome: "taken" | "failed";
  readonly ms: number;
  readonly code?: string;
  readonly message?: string;
}

/** `tencent-logs monitor send-test`. Returns the exit status. */
export async function sendTest(
  args: readonly string[],
  console: Console,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const { values, positionals } = readArguments(args, FLAGS);
  if (values.help) {
    console.stdout.write(SEND_TEST_USAGE);
    return 0;
  }
  const path = fileOf(positionals);
  const definition = readDefinitionText(path);
  if (!definition.file) throw new DefinitionFileError(path, definition);
  const names = namesOf(definition.file, values.to);
  const answers = await tellAll(definition.file, names, environment);
  if (values.json) for (const answer of answers) console.stdout.write(`${JSON.stringify(answer)}\n`);
  else console.stdout.write(layOut([HEADER, ...answers.map(rowOf)], [2]));
  return answers.every(({ outcome }) => outcome === "taken") ? 0 : 1;
}

/** The receivers to test: the named ones, or all. */
function namesOf({ receivers }: MonitorFile, wanted: readonly string[] | undefined): readonly string[] {
  const names = Object.keys(receivers);
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown === undefined) return wanted ? [...new Set(wanted)] : names;
  const hint = suggestion(unknown, names) || `; there are ${names.join(", ")}`;
  throw new UsageError(`--to must be a receiver of the definition, got ${JSON.stringify(unknown)}${hint}`);
}

async function tellAll(
  file: MonitorFile,
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Answered[]> {
  const http = new HttpClient(ANSWER_MS);
  const alert = testAlert(REAL_CLOCK.now());
  try {
    return await Promise.all(
      names.map(async (name): Promise<Answered> => {
        const receiver = file.receivers[name];
        const client = new ReceiverClient(name, receiver, { file, http, environment, clock: REAL_CLOCK });
        const startedAt = performance.now();
        const error = await client.tell([{ alert }], new AbortController().signal).then(
          () => undefined,
          (caught: ReceiverError) => caught,
        );
        const ms = Math.round(performance.now() - startedAt);
        const answered = { receiver: name, format: receiver.format, ms };
        if (!error) return { ...answered, outcome: "taken" };
        return { ...answered, outcome: "failed", code: error.code, message: error.message };
      }),
    );
  } finally {
    http.close();
  }
}

function testAlert(now: number): Alert {
  return {
    id: `send-test-${now}`,
    kind: "test",
    monitor: "send-test",
    severity: "info",
    labels: {},
    group: [],
    isOthers: false,
    count: 0,
    regions: [],
    firstAt: now,
    lastAt: now,
    arrivedAt: now,
    windowMs: 0,
    words: "sent by tencent-logs monitor send-test",
    marks: [],
  };
}

const HEADER = ["RECEIVER", "FORMAT", "MS", "ANSWER"];

function rowOf({ receiver, format, ms, message }: Answered): string[] {
  return [receiver, format, String(ms), message === undefined ? "accepted" : oneLine(`failed: ${message}`)];
}
