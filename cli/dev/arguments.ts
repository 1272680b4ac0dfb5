import { readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";
import { portOf } from "../page/port";

export const DEV_USAGE = `Usage: tencent-logs dev [STACK...] [FLAGS]

Runs your app on a local cloud while you work on it: synthesizes its stacks, deploys them, and does so again at each change of
a file, in less than a second. What a change leaves alone stays, with its records and objects. Nothing leaves the machine: no
account and no Terraform are needed. What CLS would wait for, minutes for a shipper, passes at once.

  STACK...           the stacks to deploy (default: all of the app in cdktf.json)
  --feed TOPIC=FILE  feeds a log into a topic, by its name or id; repeat it. JSON lines or text, gzip or not; TOPIC=- takes
                     the lines of standard input as they come. BUCKET=FILE puts the file as it is where a function reads it
  --again            feeds the files again after each change
  --call NAME=EVENT  calls a function after each change: with JSON, or with @PATH of a file that holds it; repeat it
  --fresh            begins each change with an empty cloud
  --once             ends when all is fed and called: with 1 where the app failed, or an event was given up
  --open             shows it on a page in the browser besides, which this command serves on 127.0.0.1: docs/page.md
  --port PORT        port of the page (default: any that is free)
  --app COMMAND      runs this command instead of the one in cdktf.json
  --quiet            does not show what functions write
  --json             writes each event as a JSON object a line, for programs: docs/dev.md

While it runs, it takes commands on standard input, unless that is fed:

  feed TOPIC LINE    feeds a line; feed TOPIC @PATH a file
  again              feeds all files again
  call NAME [EVENT]  calls a function, with {} or with JSON or @PATH
  replay             has functions try again what lies in quarantine
  quit               ends, as Ctrl-C does

Variables of stacks come from TF_VAR_<name>. The address of a webhook needs none: a stand-in takes the requests, and shows them.

Examples:
  tencent-logs dev --feed access=samples/access.jsonl --again
  tail -f access.log | tencent-logs dev logs --feed access=-
  tencent-logs dev --once --feed access=samples/access.jsonl --json | jq 'select(.type == "finished")'
`;

const FLAGS = {
  feed: { type: "string", multiple: true },
  again: { type: "boolean", default: false },
  call: { type: "string", multiple: true },
  fresh: { type: "boolean", default: false },
  once: { type: "boolean", default: false },
  open: { type: "boolean", default: false },
  port: { type: "string", default: "0" },
  app: { type: "string" },
  quiet: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The file name for standard input. */
export const STDIN = "-";

/** Arguments of `tencent-logs dev`. */
export interface DevArguments {
  readonly stacks: readonly string[];
  readonly feeds: readonly Feed[];
  readonly again: boolean;
  readonly calls: readonly Call[];
  readonly fresh: boolean;
  readonly once: boolean;
  /** Port of the page, if requested; 0 for any. */
  readonly page?: number;
  readonly app?: string;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** A log to feed into a topic. */
export interface Feed {
  readonly topic: string;
  /** Its path, or `-`. */
  readonly file: string;
}

/** A call of a function. */
export interface Call {
  readonly name: string;
  /** JSON, or `@` with a path. */
  readonly event: string;
}

/** Reads the command line; undefined if help is requested. Throws {@link UsageError}. */
export function devArguments(args: readonly string[]): DevArguments | undefined {
  const { values, positionals: stacks } = readArguments(args, FLAGS);
  if (values.help) return undefined;
  const feeds = (values.feed ?? []).map((text) => {
    const [topic, file] = pairOf("--feed", text, "TOPIC=FILE");
    return { topic, file };
  });
  if (feeds.filter(({ file }) => file === STDIN).length > 1) {
    throw new UsageError("--feed must take standard input once, got TOPIC=- twice; see --help");
  }
  const calls = (values.call ?? []).map((text) => {
    const [name, event] = text.includes("=") ? pairOf("--call", text, "NAME=EVENT") : [text, "{}"];
    return { name, event };
  });
  const { again, app, fresh, json, once, quiet } = values;
  if (values.open && once) throw new UsageError("one of --open and --once must be given, got both; see --help");
  const page = values.open ? { page: portOf(values.port) } : {};
  return { stacks, feeds, again, calls, fresh, once, ...page, app, quiet, json };
}

function pairOf(flag: string, text: string, form: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`${flag} must be ${form}, got ${JSON.stringify(text)}; see --help`);
}
