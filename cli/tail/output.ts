import { hasColors } from "../../terminal/colors";
import type { Console } from "../../terminal/console";
import type { TailArguments } from "./arguments";
import { type LineEvent, ndjson, type TailEvent } from "./events";
import { rankOf } from "./level";
import type { Wanted } from "./names";
import { Renderer } from "./render";
import { Selection } from "./select";
import { visible } from "./visible";

/** Maximum width of names in columns. */
const MAX_NAME_WIDTH = 32;

/** Writes events in the requested form, and waits for slow readers. */
export class Output {
  readonly #args: TailArguments;
  readonly #console: Console;
  readonly #selection: Selection;
  readonly #renderer: Renderer;
  /** Resolves when a slow reader has caught up; undefined if there is nothing to wait for. */
  #drained: Promise<void> | undefined;
  /** Called for each line that is shown. */
  onLine: (event: LineEvent) => void = () => undefined;

  constructor(args: TailArguments, wanted: readonly Wanted[], console: Console, environment = process.env) {
    this.#args = args;
    this.#console = console;
    this.#selection = new Selection(args);
    const names = wanted.map((one) => ("name" in one ? one.name : `${one.prefix}......`));
    this.#renderer = new Renderer({
      hasColors: hasColors(console, environment),
      showsLag: args.lag,
      namesRegion: new Set(wanted.map(({ region }) => region)).size > 1,
      namesNamespace: new Set(wanted.map(({ namespace }) => namespace)).size > 1,
      nameWidth: Math.min(MAX_NAME_WIDTH, Math.max(0, ...names.map(({ length }) => length))),
    });
  }

  /** Returns whether the event is one of the requested ones. */
  write(event: TailEvent): boolean {
    if (!this.#selection.takes(event)) return false;
    if (this.#args.format === "json") this.#toStdout(ndjson(event));
    else if (event.type === "error" || event.type === "reconnected" || event.type === "tailing") {
      this.#console.stderr.write(this.#renderer.render(event));
    } else if (this.#args.format === "raw") this.#writeRaw(event);
    else if (this.#isForPeople(event)) this.#toStdout(this.#renderer.render(event));
    if (event.type === "line" || event.type === "late") this.onLine(event);
    return true;
  }

  /** Resolves when the output can continue. */
  ready(): Promise<void> {
    return this.#drained ?? Promise.resolve();
  }

  #writeRaw(event: TailEvent): void {
    if (event.type !== "line" && event.type !== "late") return;
    this.#toStdout(`${this.#console.stdout.isTTY ? visible(event.text) : event.text}\n`);
  }

  /** Users who request only some lines need not see successful requests. */
  #isForPeople(event: TailEvent): boolean {
    if (event.type !== "request_finished") return true;
    const { filter, exclude, level = "info" } = this.#args;
    const isFine = event.outcome === "ok" || event.outcome === "unknown";
    return !isFine || (!filter && !exclude && rankOf(level) <= rankOf("info"));
  }

  #toStdout(text: string): void {
    if (text === "") return;
    const { stdout } = this.#console;
    if (stdout.write(text) !== false || !stdout.once || this.#drained) return;
    this.#drained = new Promise<void>((resolve) => stdout.once?.("drain", resolve)).then(() => {
      this.#drained = undefined;
    });
  }
}
