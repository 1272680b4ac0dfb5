import { StartError } from "./error";

/** What `npm start` was asked to do. */
export interface StartArguments {
  /** The user's own log, instead of the example's; `-` is standard input. */
  readonly file: string | undefined;
  /** Folder in `examples/`. */
  readonly example: string;
  readonly help: boolean;
}

export const USAGE = `Usage: npm start -- [FILE] [--example NAME]

Synthesizes an example, runs its plan on a local cloud, feeds it a log, and prints what the functions made of it.

  FILE            a log to feed instead of the example's own: JSON lines or text, gzip or not;
                  - is standard input
  --example NAME  folder in examples/ (default: access-log-batch)
  --help          this text
`;

/** Reads the command line. Throws {@link StartError} for what it does not know. */
export function parseArguments(args: readonly string[]): StartArguments {
  const files: string[] = [];
  let example = "access-log-batch";
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as string;
    if (argument === "--help" || argument === "-h") return { file: undefined, example, help: true };
    if (argument === "--example") example = valueOf(args[++index]);
    else if (argument.startsWith("--example=")) example = valueOf(argument.slice("--example=".length));
    else if (argument.startsWith("-") && argument !== "-")
      throw new StartError(`flag must be known, got ${argument}; see --help`);
    else files.push(argument);
  }
  if (files.length > 1) throw new StartError(`FILE must be one file, got ${files.length}: ${files.join(", ")}`);
  return { file: files[0], example, help: false };
}

function valueOf(value: string | undefined): string {
  if (value !== undefined && /^[a-z0-9][a-z0-9-]*$/.test(value)) return value;
  throw new StartError(
    `--example must name a folder in examples/, got ${value === undefined ? "nothing" : `"${value}"`}`,
  );
}
