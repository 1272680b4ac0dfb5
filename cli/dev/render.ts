import type { Change, DevEvent, Finished } from "./events";

/** Maximum changed resources to show individually. */
const SHOWN_CHANGES = 8;

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
        return [this.#bad("the app failed; what is deployed stays"), ...indented(event.message)];
      case "deploy-failed":
        return [this.#bad("the local cloud refused"), ...indented(event.message)];
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
        return [this.#bad(`quarantine: ${event.about ?? event.key}`), ...indented(event.reason ?? "")];
      case "released":
        return [`out of quarantine: cos://${event.bucket}/${event.key}`];
      case "webhook":
        if (event.alerts.length === 0) return [`webhook ${event.variable}: ${bytesText(event.body.length)}`];
        return event.alerts.flatMap((text) => [this.#bad(`alert to ${event.variable}`), ...indented(text)]);
      case "told":
        return [event.level === "error" ? this.#bad(event.text) : event.text];
    }
  }

  #deployed({ changes, ignored, ms, sinceChangeMs, urls }: Extract<DevEvent, { type: "deployed" }>): string[] {
    const stacks = [...new Set(changes.map(({ stack }) => stack))];
    const took = `in ${seconds(sinceChangeMs)} (${ms} ms of it to deploy)`;
    if (changes.length === 0) return [`${this.#good("deployed")} ${took}: nothing differs`];
    const lines = [`${this.#good("deployed")} ${took}: ${countsOf(changes)} of ${stacks.join(", ")}`];
    if (!this.#isFirst) {
      const shown = changes.slice(0, SHOWN_CHANGES);
      lines.push(...shown.map(({ action, address, stack }) => `  ${action.padEnd(8)} ${stack}/${address}`));
      if (shown.length < changes.length) lines.push(`  ... ${changes.length - shown.length} more`);
    } else {
      lines.push(...Object.entries(urls).map(([name, url]) => `  ${name} answers at ${url}`));
      if (ignored.length > 0) lines.push(`  left out, since no log passes through it: ${ignored.join(", ")}`);
    }
    this.#isFirst = false;
    return lines;
  }

  #finished({ error, function: name, givenUp, memoryMb, ms, requestId, result }: Finished): string[] {
    const last = this.#lastLines.get(requestId);
    this.#lastLines.delete(requestId);
    const took = `${seconds(ms)}, ${Math.round(memoryMb)} MB`;
    if (error) {
      const next = givenUp ? "given up" : "it is tried again";
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
  const counts = new Map<string, number>();
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts].map(([action, number]) => `${number} ${action}`).join(", ");
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
