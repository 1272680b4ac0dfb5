import type { TailArguments } from "./arguments";
import type { LineEvent, TailEvent } from "./events";
import { jsonLineOf } from "./json-line";
import { rankOf } from "./level";
import { Traces } from "./traces";

/** Which events are shown. */
type Wanted = Pick<TailArguments, "version" | "request" | "level" | "filter" | "exclude">;

/** Maximum writers whose last line is remembered, so that the lines of a stack are kept or left out together. */
const MAX_WRITERS = 10_000;

/** Selects events: all kinds by request and version, lines also by level and pattern. */
export class Selection {
  readonly #wanted: Wanted;
  readonly #writers = new Map<string, { readonly traces: Traces; isKept: boolean }>();

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  takes(event: TailEvent): boolean {
    const { request, version, level, filter, exclude } = this.#wanted;
    if (request !== undefined && "requestId" in event && event.requestId !== request) return false;
    if (version !== undefined && "requestId" in event && event.type !== "lost" && event.version !== version)
      return false;
    const isLine = event.type === "line" || event.type === "late";
    return isLine && (level !== undefined || filter || exclude) ? this.#takesLine(event) : true;
  }

  #takesLine(event: LineEvent): boolean {
    const writer = this.#writerOf(event);
    if (!writer.traces.continues(event.text)) writer.isKept = this.#takesText(event);
    return writer.isKept;
  }

  #takesText({ text, level, time }: LineEvent): boolean {
    const { level: least, filter, exclude } = this.#wanted;
    if (filter && !filter.test(text)) return false;
    if (exclude?.test(text)) return false;
    return least === undefined || rankOf(jsonLineOf(text, time)?.level || level) >= rankOf(least);
  }

  #writerOf({ function: name, instance, requestId }: LineEvent): { readonly traces: Traces; isKept: boolean } {
    const key = `${name} ${instance || requestId}`;
    const known = this.#writers.get(key);
    if (known) return known;
    if (this.#writers.size >= MAX_WRITERS) this.#writers.clear();
    const writer = { traces: new Traces(), isKept: true };
    this.#writers.set(key, writer);
    return writer;
  }
}
