import { matching, readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";

/** What `npm start` was asked to do. */
export interface StartArguments {
  /** The user's own log, instead of the example's; `-` is standard input. */
  readonly file: string | undefined;
  /** Folder in `examples/`. */
  readonly example: string;
  readonly help: boolean;
}

export const USAGE = `Usage: npm start -- [FILE] [--example NAME]

Synthesizes an example, runs its plan on a local cloud, feeds it a log, and prints what the functions made of it. The
example live-log is fed no log: its functions are called, and their log is shown as it is written. Nor is
multi-region-monitor: an incident is written to its topics, and what people are told is shown.

  FILE            a log to feed instead of the example's own: JSON lines or text, gzip or not;
                  - is standard input
  --example NAME  folder in examples/ (default: access-log-batch)
  --help          this text
`;

const FLAGS = {
  example: { type: "string", default: "access-log-batch" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line. Throws {@link UsageError} for what it does not know. */
export function parseArguments(args: readonly string[]): StartArguments {
  const { values, positionals } = readArguments(args, FLAGS);
  const [file, ...others] = positionals;
  if (others.length > 0) {
    throw new UsageError(`FILE must be one file, got ${positionals.length}: ${positionals.join(", ")}; see --help`);
  }
  const example = matching("--example", values.example, /^[a-z0-9][a-z0-9-]*$/, "must name a folder in examples/");
  return { file, example, help: values.help };
}
