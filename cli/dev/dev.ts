import { resolve } from "node:path";
import { PlanError } from "../../local";
import { hasColors } from "../../terminal/colors";
import { type Console, oneLine } from "../../terminal/console";
import { interruptible } from "../../terminal/interrupt";
import { UserError } from "../../terminal/user-error";
import { readApp } from "../app/app";
import { AppRunner } from "../app/runner";
import { ProjectWatcher } from "../app/watcher";
import { checkReadable } from "../local/log-file";
import type { DevPage } from "../page/dev-page";
import { releaseStdin } from "../release-stdin";
import { withTemporaryFolder } from "../temporary-folder";
import { DEV_USAGE, type DevArguments, devArguments, STDIN } from "./arguments";
import type { DevEvent } from "./events";
import { eventOf, feedFile, feedStdin, takeCommands } from "./input";
import { EventText } from "./render";
import { DevSession } from "./session";

/** `tencent-logs dev`. Returns the exit status. */
export async function dev(args: readonly string[], console: Console): Promise<number> {
  const wanted = devArguments(args);
  if (!wanted) {
    console.stdout.write(DEV_USAGE);
    return 0;
  }
  const app = readApp(process.cwd(), wanted.app);
  for (const { file } of wanted.feeds) if (file !== STDIN) checkReadable(file);
  for (const { event } of wanted.calls) eventOf(event);
  const runner = new AppRunner(app, !wanted.once);
  try {
    return await interruptible((signal) =>
      withTemporaryFolder(async (folder) => {
        const { fresh, stacks } = wanted;
        const session = await DevSession.start({ runner, folder, stacks, fresh, signal });
        const page = wanted.page === undefined ? undefined : await openPage(session, wanted.page, console);
        try {
          return await new DevRun(session, wanted, console).run(signal);
        } finally {
          await page?.close();
          await session.close();
        }
      }),
    );
  } catch (error) {
    // Ctrl-C is the normal way to end it.
    if (error instanceof UserError && error.message === "interrupted") return wanted.once ? error.status : 0;
    throw error;
  } finally {
    releaseStdin();
  }
}

/** One run of the command. */
class DevRun {
  /** Something failed that determines the status of `--once`. */
  #failed = false;
  readonly #quit = new AbortController();
  /** Changes during a deployment. */
  #changed = new Set<string>();
  #updating = false;

  constructor(
    private readonly session: DevSession,
    private readonly wanted: DevArguments,
    private readonly console: Console,
  ) {
    const text = new EventText(hasColors(console), wanted.quiet);
    session.subscribe((event) => this.#show(event, text));
  }

  async run(signal: AbortSignal): Promise<number> {
    const { feeds, once } = this.wanted;
    const isDeployed = await this.session.update([], performance.now());
    if (isDeployed) await this.#feedAndCall(true);
    const stdin = feeds.find(({ file }) => file === STDIN);
    if (once) {
      if (stdin && isDeployed) await this.#orTold(() => feedStdin(this.session, stdin.topic, process.stdin));
      return isDeployed && !this.#failed ? 0 : 1;
    }
    const ignored = new Set(feeds.map(({ file }) => resolve(file)));
    const watcher = new ProjectWatcher(process.cwd(), ignored, (files) => void this.#change(files));
    this.session.tell({ type: "told", level: "info", text: "watching for changes; press Ctrl-C to stop" });
    void this.#listen(stdin?.topic);
    try {
      await untilAborted(AbortSignal.any([signal, this.#quit.signal]));
    } finally {
      watcher.close();
    }
    return 0;
  }

  /** Feeds standard input, or reads commands from it. */
  async #listen(topic: string | undefined): Promise<void> {
    if (topic !== undefined) return this.#orTold(() => feedStdin(this.session, topic, process.stdin));
    const again = () => this.#orTold(() => this.#feedFiles());
    return this.#orTold(() => takeCommands(this.session, process.stdin, { again, quit: () => this.#quit.abort() }));
  }

  async #change(files: readonly string[]): Promise<void> {
    const since = performance.now();
    for (const file of files) this.#changed.add(file);
    if (this.#updating) return;
    this.#updating = true;
    try {
      for (let start = since; this.#changed.size > 0; start = performance.now()) {
        const changed = [...this.#changed].sort();
        this.#changed.clear();
        if (await this.session.update(changed, start)) await this.#feedAndCall(false);
      }
    } catch (error) {
      // It was interrupted, or this is a bug.
      this.#quit.abort();
      if (!(error instanceof UserError)) throw error;
    } finally {
      this.#updating = false;
    }
  }

  async #feedAndCall(isFirst: boolean): Promise<void> {
    const { again, calls, fresh } = this.wanted;
    if (isFirst || again || fresh) await this.#orTold(() => this.#feedFiles());
    for (const { event, name } of calls) await this.#orTold(() => this.session.call(name, eventOf(event)));
  }

  async #feedFiles(): Promise<void> {
    for (const feed of this.wanted.feeds) if (feed.file !== STDIN) await feedFile(this.session, feed);
  }

  /** Reports errors that the user can fix, without ending the session. */
  async #orTold(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UserError || error instanceof PlanError)) throw error;
      this.#failed = true;
      this.session.tell({ type: "told", level: "error", text: oneLine(error.message) });
    }
  }

  #show(event: DevEvent, text: EventText): void {
    const isFailure = event.type === "finished" ? event.givenUp : event.type === "ship-failed";
    if (isFailure) this.#failed = true;
    if (this.wanted.json) {
      this.console.stdout.write(`${JSON.stringify(event)}\n`);
      return;
    }
    const time = new Date(event.time).toTimeString().slice(0, 8);
    const lines = text.linesOf(event);
    this.console.stdout.write(lines.map((line, at) => `${at === 0 ? time : " ".repeat(8)} ${line}\n`).join(""));
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Loaded only on request: it draws stacks and runs rules. */
function openPage(session: DevSession, port: number, console: Console): Promise<DevPage> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would ask for extensions that the sources do not have
  const { openDevPage } = require("../page/dev-page") as typeof import("../page/dev-page");
  return openDevPage(session, { port }, console);
}
