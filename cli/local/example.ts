import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findStackFolder } from "../../local";
import { suggestion } from "../../rules/check/similar";
import { UsageError, UserError } from "../../terminal/user-error";

/** A compiled example app. */
export interface Example {
  readonly name: string;
  /** Folder of its compiled files. */
  readonly folder: string;
}

/** A run of an example that also starts commands of the package. */
export interface ExampleRun {
  /** Folder of the synthesized stack. */
  readonly stackFolder: string;
  readonly workFolder: string;
  /** Folder of the package's build. */
  readonly dist: string;
  readonly signal: AbortSignal;
}

/** Finds a compiled example by its name. */
export function findExample(name: string): Example {
  const folder = join(packageRoot(), "dist/examples", name);
  if (existsSync(join(folder, "main.js"))) return { name, folder };
  const built = join(packageRoot(), "dist/examples");
  const names = existsSync(built) ? readdirSync(built).filter((each) => existsSync(join(built, each, "main.js"))) : [];
  if (names.length === 0) {
    throw new UsageError(`example must exist and be built, got "${name}"; run it with npm start in a clone`);
  }
  const hint = suggestion(name, names) || "; see --help";
  throw new UsageError(`example must be one of ${names.join(", ")}, got "${name}"${hint}`);
}

/**
 * Runs the example's app, which synthesizes into `outdir`, and returns the folder of its stack. If the signal aborts,
 * it ends the app, waits until it has exited, and throws the signal's reason.
 */
export async function synthesize(example: Example, outdir: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [join(example.folder, "main.js")], {
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const end = (): boolean => child.kill("SIGKILL");
  signal.addEventListener("abort", end);
  const status = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  ).finally(() => signal.removeEventListener("abort", end));
  signal.throwIfAborted();
  if (status === 0) return findStackFolder(outdir);
  throw new UserError(`example ${example.name} must synthesize, got exit status ${status}: ${errors.trim()}`);
}

/** A call of one of an example's functions. */
export interface Call {
  readonly function: string;
  /** Set if it is a request to the function's URL. */
  readonly request?: { readonly method: string; readonly path: string };
  /** The body of the request, otherwise the event. */
  readonly event: unknown;
}

/** The example's calls, if it needs no log. */
export function exampleCalls(example: Example): readonly Call[] | undefined {
  const file = join(example.folder, "calls.js");
  if (!existsSync(file)) return undefined;
  return (createRequire(__filename)(file) as { calls(): readonly Call[] }).calls();
}

/** Lines that are written to topics at once, by topic name, or minutes that pass; and a description for people. */
export type Step =
  | { readonly tell: string; readonly lines: Readonly<Record<string, readonly string[]>> }
  | { readonly tell: string; readonly minutes: number };

/** The example's incident, if it watches topics. */
export function exampleIncident(example: Example): readonly Step[] | undefined {
  const file = join(example.folder, "incident.js");
  if (!existsSync(file)) return undefined;
  return (createRequire(__filename)(file) as { incident(): readonly Step[] }).incident();
}

/** The lines of the example's log. */
export function exampleLines(example: Example): string[] {
  const file = join(example.folder, "log.js");
  if (!existsSync(file))
    throw new UserError(`example ${example.name} must come with a log, got no log.js; give a FILE`);
  const loaded = createRequire(__filename)(file) as { lines(): Iterable<string> };
  return [...loaded.lines()];
}

/** The folder with package.json: two levels above the compiled file, one above the source. */
function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
