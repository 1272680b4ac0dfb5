import { type ChildProcess, fork, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../terminal/user-error";
import type { App } from "./app";
import { failureText } from "./failure";
import { WARM_FILE, type WarmOrder } from "./warm";

/** The app failed; the message is its output, on several lines. */
export class AppError extends UserError {
  override readonly name = "AppError";
  override readonly severalLines = true;
}

/** How to run an app without a shell: a file, and flags for Node. */
export interface PlainRun {
  readonly file: string;
  readonly execArgv: readonly string[];
}

/**
 * Runs an app repeatedly. If its command is tsx, ts-node or node with a file, the process of the next run is started in
 * advance, with CDKTF and this package loaded, so that only the user's own code remains. Each run has a separate
 * process.
 */
export class AppRunner {
  readonly #app: App;
  readonly #plain: PlainRun | undefined;
  #spare: Run | undefined;

  /** @param isWarm whether to start the next run's process in advance */
  constructor(app: App, isWarm: boolean) {
    this.#app = app;
    this.#plain = isWarm ? plainRunOf(app) : undefined;
  }

  /** Starts the next run's process, if there is none. */
  warmUp(): void {
    if (this.#plain !== undefined) this.#spare ??= warmRun(this.#app, this.#plain);
  }

  /**
   * Runs the app, which synthesizes into a folder. Resolves to its output. Throws {@link AppError}. If the signal
   * aborts, it ends the app, waits until it has exited, and throws the signal's reason.
   */
  async run(outdir: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const warm = this.#spare;
    this.#spare = undefined;
    const run = warm !== undefined && (await warm.ready) ? warm : coldRun(this.#app, outdir);
    if (run === warm && this.#plain) {
      run.child.send({ file: resolve(this.#app.folder, this.#plain.file), outdir } satisfies WarmOrder);
    }
    const end = (): void => kill(run);
    signal.addEventListener("abort", end);
    const status = await run.ended.finally(() => signal.removeEventListener("abort", end));
    signal.throwIfAborted();
    if (status !== 0) throw new AppError(failureText(run.written()) || `the app exited with status ${status}`);
    if (existsSync(join(outdir, "stacks"))) return run.written().trim();
    throw new AppError(
      `the app must synthesize into the folder that CDKTF_OUTDIR names, got nothing there; call app.synth(), and omit ` +
        `outdir from new App(...)${run.written() === "" ? "" : `\n${run.written().trim()}`}`,
    );
  }

  async close(): Promise<void> {
    if (this.#spare === undefined) return;
    kill(this.#spare);
    await this.#spare.ended;
  }
}

/** A process that runs the app. */
interface Run {
  readonly child: ChildProcess;
  /** Whether it leads a process group, which is ended with it. */
  readonly isGroup: boolean;
  /** Whether it is waiting for its order; false if it has exited instead. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<number | null>;
  written(): string;
}

function coldRun(app: App, outdir: string): Run {
  const env = { ...environmentOf(app), CDKTF_OUTDIR: outdir };
  // A separate group, because a shell does not forward signals.
  const isGroup = process.platform !== "win32";
  const stdio = ["ignore", "pipe", "pipe"] as const;
  return watched(
    spawn(app.command, { cwd: app.folder, env, shell: true, detached: isGroup, stdio: [...stdio] }),
    isGroup,
  );
}

function warmRun(app: App, { execArgv }: PlainRun): Run {
  const stdio = ["ignore", "pipe", "pipe", "ipc"] as const;
  const env = environmentOf(app);
  return watched(fork(WARM_FILE, { cwd: app.folder, env, execArgv: [...execArgv], stdio: [...stdio] }), false);
}

function environmentOf(app: App): NodeJS.ProcessEnv {
  return { ...process.env, ...app.environment };
}

function watched(child: ChildProcess, isGroup: boolean): Run {
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (written += text));
  }
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const ready = new Promise<boolean>((resolve) => {
    child.once("message", () => resolve(true));
    ended.then(
      () => resolve(false),
      () => resolve(false),
    );
  });
  return { child, isGroup, ended, ready, written: () => written };
}

function kill({ child, isGroup }: Run): void {
  if (child.exitCode !== null || child.pid === undefined) return;
  try {
    if (isGroup) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // It has exited meanwhile.
  }
}

/** Prefixes that start a program of a project's packages. */
const LAUNCHERS = /^(?:(?:npx|pnpm(?: exec)?|yarn(?: run| exec)?)(?: --?(?:y|yes|no|no-install|quiet|silent|q))* )?/;

/**
 * The file and the Node flags that are equivalent to a command; undefined if the command is more complex, or names
 * something that is not installed in the project.
 */
export function plainRunOf({ command, folder }: App): PlainRun | undefined {
  const [tool, ...words] = command.trim().replace(/\s+/g, " ").replace(LAUNCHERS, "").split(" ");
  const [file, extra] = words;
  if (file === undefined || extra !== undefined || !/^[\w./@-]+$/.test(file) || file.startsWith("-")) return undefined;
  if (tool === "node") return { file, execArgv: [] };
  const require = createRequire(join(folder, "app.js"));
  try {
    if (tool === "tsx") return { file, execArgv: ["--import", pathToFileURL(require.resolve("tsx")).href] };
    if (tool === "ts-node") return { file, execArgv: ["--require", require.resolve("ts-node/register")] };
  } catch {
    // The launcher may install it.
  }
  return undefined;
}
