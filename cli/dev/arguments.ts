import { readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";
import { portOf } from "../page/port";

export const DEV_USAGE = `Usage: tencent-logs dev [STACK...] [FLAGS]

Runs your app on a local cloud while you work on it. It synthesizes and deploys the stacks, and does so again after each change
of a file, in less than a second. Resources that a change does not affect keep their records and objects. Nothing leaves the
machine: no account and no Terraform are needed. Waiting times of CLS, such as minutes for a shipper, are skipped.

  STACK...           stacks to deploy (default: all stacks of the app in cdktf.json)
  --feed TOPIC=FILE  sends a log to a topic, by its name or id; repeat it. JSON lines or text, gzip or not; with TOPIC=-, lines
                     of standard input as they arrive. BUCKET=FILE puts the file unchanged where a function reads it
  --again            sends the files again after each change
  --call NAME=EVENT  calls a function after each change: with JSON, or with @PATH of a file that contains it; repeat it
  --fresh            starts each change with an empty cloud
  --once             exits after everything is sent and called: with 1 if the app failed, or an event was given up
  --open             also shows the session on a page in the browser, which this command serves on 127.0.0.1: docs/page.md
  --port PORT        port of the page (default: any free port)
  --app COMMAND      runs this command instead of the one in cdktf.json
  --quiet            does not show the output of functions
  --json             writes each event as a JSON object, one per line, for programs: docs/dev.md

While it runs, it accepts commands on standard input, unless that is a log:

  feed TOPIC LINE    sends a line; feed TOPIC @PATH sends a file
  again              sends all files again
  call NAME [EVENT]  calls a function with {}, with JSON or with @PATH
  replay             makes functions retry what is in quarantine
  quit               exits, like Ctrl-C

Variables of stacks come from TF_VAR_<name>. The address of a webhook needs no value: a stand-in receives the requests and shows
them.

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
