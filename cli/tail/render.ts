import type { LineEvent, LostEvent, OfFunction, RequestFinished, TailEvent } from "./events";
import { jsonLineOf } from "./json-line";
import { Traces } from "./traces";
import { visible } from "./visible";

/** How events are shown. */
export interface RenderOptions {
  readonly hasColors: boolean;
  /** Whether to show the delay and the lane of each line. */
  readonly showsLag: boolean;
  /** Whether to show the region after a function's name, to make it unique. */
  readonly namesRegion: boolean;
  readonly namesNamespace: boolean;
  /** Width of names in columns. */
  readonly nameWidth: number;
}

const DIM = "2";
const RED = "31";
const YELLOW = "33";
const LEVEL_COLORS: Readonly<Record<string, string>> = {
  trace: DIM,
  debug: DIM,
  info: "32",
  warn: YELLOW,
  error: RED,
  fatal: "1;31",
  critical: "1;31",
};
/** Colours of names: none that indicates a level. */
const NAME_COLORS = ["36", "35", "34", "96", "95", "94"];

const OUTCOMES: Readonly<Record<RequestFinished["outcome"], string>> = {
  ok: "END",
  unknown: "END",
  error: "FAILED",
  timeout: "TIMEOUT",
  out_of_memory: "OUT OF MEMORY",
  exited: "EXITED",
};

/**
 * Renders events as lines for people. Text from outside is shown in a form that is safe for terminals.
 *
 * ```text
 * orders    16:36:09.412  4c1e  INFO   order 7 accepted
 * ```
 */
export class Renderer {
  readonly #options: RenderOptions;
  readonly #names = new Map<string, string>();
  #last: (OfFunction & { readonly shown: string }) | undefined;
  /** Writer of the previous line, and its stack trace. */
  #above: { writer: string; traces: Traces } | undefined;
  #second = NaN;
  #clock = "";

  constructor(options: RenderOptions) {
    this.#options = options;
  }

  /** The event's lines, with their line ends; "" for events that are not shown. */
  render(event: TailEvent): string {
    if (event.type === "line" || event.type === "late") return this.#line(event);
    this.#above = undefined;
    switch (event.type) {
      case "request_started":
        return event.retry > 0
          ? this.#said(event, event.instance ?? event.requestId, "RETRY", `attempt ${event.retry + 1}`, YELLOW)
          : "";
      case "request_finished":
        return this.#finished(event);
      case "lost":
        return this.#lost(event);
      case "reconnected":
        return this.#note(`reconnected after ${seconds(event.afterMs)}: ${event.what}; fetching the lines in between`);
      case "tailing":
        return this.#note(`${event.function} (${event.region}): ${lanesText(event.lanes)}`);
      case "error":
        return this.#note(event.message, RED);
    }
  }

  #line(event: LineEvent): string {
    const { text, instance, requestId, time } = event;
    const writer = `${event.function} ${instance || requestId}`;
    if (this.#above?.writer !== writer) this.#above = { writer, traces: new Traces() };
    if (this.#above.traces.continues(text)) return `${/^\s/.test(text) ? "" : "    "}${visible(text)}\n`;

    const json = jsonLineOf(text, time);
    const level = json?.level || event.level;
    const head = `${this.#head(event, instance || requestId)}${this.#level(level)}${this.#marks(event)}`;
    if (!json) return `${head}${visible(text)}\n`;
    const { message, rest, below } = json;
    const between = message === "" || rest === "" ? "" : "  ";
    const shown = `${head}${visible(message)}${between}${rest === "" ? "" : this.#colored(visible(rest), DIM)}\n`;
    return below.length === 0 ? shown : shown + below.map((line) => `    ${visible(line)}\n`).join("");
  }

  #finished(event: RequestFinished): string {
    const { outcome, durationMs, memoryMb, memoryLimitMb, result, lines } = event;
    const memory =
      memoryMb === undefined ? "" : `${Math.round(memoryMb)}${memoryLimitMb ? ` of ${memoryLimitMb}` : ""} MB`;
    const took = durationMs === undefined ? "" : `after ${seconds(durationMs)}`;
    const count = lines === undefined || memory !== "" ? "" : `${lines} lines`;
    const text = [took, memory, count].filter(Boolean).join(", ");
    const isFine = outcome === "ok" || outcome === "unknown";
    const why = isFine || result === undefined ? [] : reasonOf(result);
    const shown = this.#said(event, event.instance ?? event.requestId, OUTCOMES[outcome], text, isFine ? DIM : RED);
    return shown + why.map((line) => `    ${visible(line)}\n`).join("");
  }

  #lost(event: LostEvent): string {
    const { reason, count = 0, from, to, what = "" } = event;
    const texts: Readonly<Record<LostEvent["reason"], string>> = {
      gap: `${count} records are missing (${from} to ${to}); SCF's own log may deliver them`,
      dropped: `${count} lines were dropped, too many to send; SCF's own log may deliver them`,
      neither: `${count} lines arrived neither live nor in SCF's own log`,
      position: `CLS no longer retains the next records of ${what}; resuming with the oldest that it retains`,
    };
    const { region = "", namespace = "", function: name = "" } = event;
    const of = { region, namespace, function: name, time: event.time };
    return this.#said(of, event.instance ?? "", "LOST", texts[reason], YELLOW);
  }

  #said(event: OfFunction & { time: number }, writer: string, word: string, text: string, color: string): string {
    return `${this.#head(event, writer)}${this.#colored(`${word.padEnd(6)} ${visible(text)}`.trimEnd(), color)}\n`;
  }

  #note(text: string, color = DIM): string {
    return `${this.#colored(visible(text), color)}\n`;
  }

  #head(event: OfFunction & { time: number }, writer: string): string {
    return `${this.#name(event)}  ${this.#time(event.time)}  ${visible(writer.slice(0, 4)).padEnd(4)}  `;
  }

  #name(of: OfFunction): string {
    const { region, namespace, function: name } = of;
    const last = this.#last;
    if (last?.function === name && last.region === region && last.namespace === namespace) return last.shown;
    const key = `${region}/${namespace}/${name}`;
    const shown = this.#names.get(key) ?? this.#newName(key, of);
    this.#last = { region, namespace, function: name, shown };
    return shown;
  }

  #newName(key: string, { region, namespace, function: name }: OfFunction): string {
    const { namesRegion, namesNamespace, nameWidth } = this.#options;
    const full = `${namesNamespace ? `${namespace}/` : ""}${name}${namesRegion ? `@${region}` : ""}`;
    const color = NAME_COLORS[this.#names.size % NAME_COLORS.length];
    const shown = this.#colored(visible(full).padEnd(nameWidth), color);
    this.#names.set(key, shown);
    return shown;
  }

  /** The local time of day, with milliseconds. */
  #time(microseconds: number): string {
    const second = Math.floor(microseconds / 1_000_000);
    if (second !== this.#second) {
      const date = new Date(second * 1000);
      this.#second = second;
      this.#clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part, 2)).join(":");
    }
    const shown = `${this.#clock}.${pad(Math.floor(microseconds / 1000) % 1000, 3)}`;
    return this.#options.hasColors ? `\x1b[${DIM}m${shown}\x1b[0m` : shown;
  }

  #level(level: string): string {
    const shown = visible(level.toUpperCase()).padEnd(5);
    return `${this.#colored(shown, LEVEL_COLORS[level])}  `;
  }

  #marks({ type, lagMs, lane }: LineEvent): string {
    const late = type === "late" ? this.#colored("late ", YELLOW) : "";
    if (!this.#options.showsLag) return late;
    return `${this.#colored(`+${(lagMs / 1000).toFixed(2)}s ${lane}`, DIM)}  ${late}`;
  }

  #colored(text: string, color: string | undefined): string {
    return this.#options.hasColors && color !== undefined && text !== "" ? `\x1b[${color}m${text}\x1b[0m` : text;
  }
}

/** Why an invocation failed: a sentence, or SCF's text of an exception, with its stack. */
function reasonOf(result: string): string[] {
  try {
    const { errorMessage, stackTrace } = JSON.parse(result) as { errorMessage?: unknown; stackTrace?: unknown };
    const texts = [stackTrace, errorMessage].filter((text) => typeof text === "string" && text !== "");
    if (texts.length > 0) return (texts[0] as string).trimEnd().split("\n");
  } catch {
    // A sentence.
  }
  return result.trimEnd().split("\n");
}

function lanesText(lanes: readonly string[]): string {
  if (lanes.includes("fast") && lanes.includes("slow")) return "live lines and SCF's own log";
  if (lanes.includes("fast")) return "live lines, without SCF's own log";
  return lanes.includes("slow") ? "SCF's own log" : "nothing to read";
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)} s`;
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}
