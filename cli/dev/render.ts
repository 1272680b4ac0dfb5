import type { Change, DevEvent, Finished } from "./events";

/** Maximum changed resources to show individually. */
const SHOWN_CHANGES = 8;

/** Actions in words, by their names in events. */
const ACTIONS: Readonly<Record<Change["action"], string>> = {
  made: "created",
  changed: "updated",
  replaced: "replaced",
  removed: "deleted",
};

/** An event as lines for people, without line ends; empty if it is not shown. */
export class EventText {
  /** The last line of each request, by its id: for a pipeline it is the summary, which is not shown twice. */
  readonly #lastLines = new Map<string, string>();
  #isFirst = true;

  constructor(
    private readonly isColored: boolean,
    private readonly isQuiet: boolean,
  ) {}

  linesOf(event: DevEvent): string[] {
    switch (event.type) {
      case "synthesizing":
        return event.changed.length === 0 ? [] : [`${this.#dim("changed")} ${event.changed.join(", ")}`];
      case "synthesized":
        return event.output === undefined ? [] : event.output.split("\n").map((line) => `  ${line}`);
      case "synth-failed":
        return [this.#bad("synthesis failed; deployed resources are unchanged"), ...indented(event.message)];
      case "deploy-failed":
        return [this.#bad("the local cloud refused the plan"), ...indented(event.message)];
      case "deployed":
        return this.#deployed(event);
      case "received":
        return event.from === "function-log" ? [] : [`${this.#name(event.topic)} <- ${count(event.records, "record")}`];
      case "shipped": {
        const what = `${count(event.records, "record")}, ${bytesText(event.bytes)}`;
        return [`${this.#name(event.topic)} -> cos://${event.bucket}/${event.key}  ${what}`];
      }
      case "ship-failed":
        return [this.#bad(`${event.topic} -> cos://${event.bucket}/${event.key}: ${event.message}`)];
      case "delivered":
        return [`${this.#name(event.topic)} -> ${event.function}  ${count(event.records, "record")}`];
      case "stored":
        return [`stored cos://${event.bucket}/${event.key}  ${bytesText(event.bytes)}`];
      case "removed":
      case "invoked":
        return [];
      case "log":
        this.#lastLines.set(event.requestId, event.text);
        return this.isQuiet ? [] : [`${this.#name(event.function)} | ${event.text}`];
      case "finished":
        return this.#finished(event);
      case "quarantined":
        return [this.#bad(`quarantined: ${event.about ?? event.key}`), ...indented(event.reason ?? "")];
      case "released":
        return [`released from quarantine: cos://${event.bucket}/${event.key}`];
      case "webhook":
        if (event.alerts.length === 0) return [`webhook ${event.variable}: ${bytesText(event.body.length)}`];
        return event.alerts.flatMap((text) => [this.#bad(`alert to ${event.variable}`), ...indented(text)]);
      case "told":
        return [event.level === "error" ? this.#bad(event.text) : event.text];
    }
  }

  #deployed({ changes, ignored, ms, sinceChangeMs, urls }: Extract<DevEvent, { type: "deployed" }>): string[] {
    const stacks = [...new Set(changes.map(({ stack }) => stack))].join(", ");
    const took = `in ${seconds(sinceChangeMs)} (${ms} ms without synthesis)`;
    if (changes.length === 0) return [`${this.#good("deployed")} ${took}: no changes`];
    const lines = [`${this.#good("deployed")} ${stacks} ${took}: ${countsOf(changes)}`];
    if (!this.#isFirst) {
      const shown = changes.slice(0, SHOWN_CHANGES);
      lines.push(...shown.map(({ action, address, stack }) => `  ${ACTIONS[action].padEnd(8)} ${stack}/${address}`));
      if (shown.length < changes.length) lines.push(`  ... ${changes.length - shown.length} more`);
    } else {
      lines.push(...Object.entries(urls).map(([name, url]) => `  URL of ${name}: ${url}`));
      if (ignored.length > 0) lines.push(`  skipped, not part of a log pipeline: ${ignored.join(", ")}`);
    }
    this.#isFirst = false;
    return lines;
  }

  #finished({ error, function: name, givenUp, memoryMb, ms, requestId, result }: Finished): string[] {
    const last = this.#lastLines.get(requestId);
    this.#lastLines.delete(requestId);
    const took = `${seconds(ms)}, ${Math.round(memoryMb)} MB`;
    if (error) {
      const next = givenUp ? "will not be retried" : "will be retried";
      return [`${this.#name(name)} ${this.#bad("failed")} ${took}; ${next}`, ...indented(error.stack ?? error.message)];
    }
    const text = JSON.stringify(result ?? null);
    const isShown = text !== "null" && (this.isQuiet || text !== last);
    return [`${this.#name(name)} ${this.#good("ok")} ${took}${isShown ? ` ${text}` : ""}`];
  }

  #name(text: string): string {
    return this.#paint(36, text);
  }

  #good(text: string): string {
    return this.#paint(32, text);
  }

  #bad(text: string): string {
    return this.#paint(31, text);
  }

  #dim(text: string): string {
    return this.#paint(2, text);
  }

  #paint(code: number, text: string): string {
    return this.isColored ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}

function indented(text: string): string[] {
  return text === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`);
}

function countsOf(changes: readonly Change[]): string {
  const counts = new Map<Change["action"], number>();
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1);
  const [[action, number], ...others] = counts;
  const words = others.map(([other, of]) => `${of} ${ACTIONS[other]}`);
  return [`${count(number, "resource")} ${ACTIONS[action]}`, ...words].join(", ");
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
