import { isEncoding } from "../../functions/settings";
import { matching, readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";

/** Arguments of `tencent-logs local`. */
export type LocalArguments =
  | { readonly mode: "help" }
  /** An example of the repository, with its own log or another file. */
  | {
      readonly mode: "example";
      readonly example: string;
      readonly file?: string;
      readonly encoding?: string;
      readonly json: boolean;
    }
  /** A stack of the user's app. */
  | ({
      readonly mode: "stack";
      readonly file: string;
      readonly encoding?: string;
      readonly topic?: string;
      readonly json: boolean;
    } & StackChoice)
  /** The cloud only, with the named stacks. */
  | {
      readonly mode: "serve";
      readonly stacks: readonly StackChoice[];
      readonly region: string;
      readonly json: boolean;
    };

/** A stack, and its location. */
export interface StackChoice {
  /** A name, or the folder of a synthesized stack. */
  readonly stack: string;
  /** The app's command. @default that of cdktf.json */
  readonly app?: string;
  /** Folder of the synthesized output; the app is then not run. */
  readonly out?: string;
}

export const USAGE = `Usage: tencent-logs local STACK FILE [FLAGS]
       tencent-logs local --serve [STACK...] [FLAGS]

Runs a stack of your app with a log file on a local cloud, and prints the functions' results, with a summary in the last line.
Nothing leaves the machine: no account and no Terraform are needed. "tencent-logs dev" does the same after each change.

  STACK           name of a stack of the app in cdktf.json, or the folder of a synthesized stack
  FILE            the log: JSON lines or text, gzip or not; - is standard input. If the stack reads objects of a bucket,
                  any file: it is put there unchanged
  --encoding NAME encoding of the file if it is not UTF-8: gbk, gb18030, big5, utf-16le, ...
  --topic NAME    topic to send the log to, if there are several
  --app COMMAND   runs this command instead of the one in cdktf.json
  --out FOLDER    uses a stack that was synthesized to this folder (cdktf.out), and does not run the app
  --serve         runs only the cloud until Ctrl-C, with the given stacks or with none, and prints the variables that make
                  Terraform, Tencent's SDKs and coscli use it
  --region NAME   region in those variables (default: ap-guangzhou)
  --json          writes JSON objects, one per line: each invocation, then the total; with --serve, a single object
  --example NAME  in a clone of this package's repository, with "npm start": runs the example of that name; give only FILE.
                  live-log and multi-region-monitor need no log: their functions are called, or an incident is simulated

Exits with 1 if an event was given up, or a file could not be shipped. Variables of the stack come from TF_VAR_<name>.

Examples:
  tencent-logs local logs access.log.gz
  tencent-logs local cdktf.out/stacks/logs access.log --json
  zcat access.log.gz | tencent-logs local logs - --topic access
  tencent-logs local logs export.txt --encoding gbk
  tencent-logs local --serve                     # try a Terraform plan without an account
  tencent-logs local --serve --json | jq .environment
`;

const FLAGS = {
  encoding: { type: "string" },
  topic: { type: "string" },
  app: { type: "string" },
  out: { type: "string" },
  serve: { type: "boolean", default: false },
  region: { type: "string", default: "ap-guangzhou" },
  json: { type: "boolean", default: false },
  example: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line. Throws {@link UsageError} for unknown arguments. */
export function parseArguments(args: readonly string[]): LocalArguments {
  const { values, positionals } = readArguments(args, FLAGS);
  const { app, json, out, topic } = values;
  if (values.help) return { mode: "help" };
  const encoding = encodingOf(values.encoding);
  if (app !== undefined && out !== undefined) {
    throw new UsageError("one of --app and --out may be given, got both; see --help");
  }
  if (values.serve) {
    const region = matching("--region", values.region, /^[a-z]+-[a-z0-9-]+$/, "must be a region, such as ap-guangzhou");
    return { mode: "serve", stacks: positionals.map((stack) => ({ stack, app, out })), region, json };
  }
  if (values.example !== undefined) {
    const example = matching("--example", values.example, /^[a-z0-9][a-z0-9-]*$/, "must name a folder in examples/");
    return { mode: "example", example, file: onlyFile(positionals), encoding, json };
  }
  const [stack, ...files] = positionals;
  if (stack === undefined) throw new UsageError("STACK must be a stack's name or folder, got nothing; see --help");
  const file = onlyFile(files);
  if (file === undefined) throw new UsageError("FILE must be a log to feed, got nothing; see --help");
  return { mode: "stack", stack, file, encoding, topic, json, app, out };
}

function encodingOf(label: string | undefined): string | undefined {
  if (label === undefined || isEncoding(label)) return label;
  throw new UsageError(`--encoding must be one that TextDecoder knows, such as gbk, got "${label}"; see --help`);
}

function onlyFile(files: readonly string[]): string | undefined {
  if (files.length > 1) {
    throw new UsageError(`FILE must be one file, got ${files.length}: ${files.join(", ")}; see --help`);
  }
  return files[0];
}
