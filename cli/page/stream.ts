import type { ServerResponse } from "node:http";
import type { NumberedItem, State } from "./items";
import type { Ring } from "./ring";

/** Milliseconds for which items are batched before they are sent: a page does not render faster. */
const GATHER_MS = 50;
/** Maximum items in one event, which a browser can process at once. */
const MOST_ITEMS = 500;
/** Milliseconds after which something is sent, so that neither side considers the other gone. */
const ALIVE_MS = 15_000;

/**
 * One connected page. Items wait in the ring that all pages share, never in the page's connection: a slow page
 * continues where it was, and is told how many it missed.
 */
export class PageStream {
  readonly #response: ServerResponse;
  readonly #ring: Ring<NumberedItem>;
  #sent: number;
  #timer: NodeJS.Timeout | undefined;
  #isFull = false;
  /** Changes of the state while the connection was blocked. */
  #late: State | undefined;
  readonly #alive: NodeJS.Timeout;

  /** @param after number of the last item that the page has; 0 for all stored items */
  constructor(response: ServerResponse, ring: Ring<NumberedItem>, after: number) {
    this.#response = response;
    this.#ring = ring;
    // A number from an earlier command is invalid here.
    this.#sent = after > ring.last ? 0 : after;
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.on("drain", () => {
      this.#isFull = false;
      const late = this.#late;
      this.#late = undefined;
      if (late) this.tell(late);
      this.notice();
    });
    this.#alive = setInterval(() => response.write(": alive\n\n"), ALIVE_MS);
    response.on("close", () => this.#stop());
  }

  /** Sends a state, or its changes: immediately, or when the connection accepts data. */
  tell(state: State): void {
    if (this.#isFull) {
      const counts = { ...this.#late?.counts, ...state.counts };
      this.#late = { ...this.#late, ...state, counts };
    } else if (!this.#response.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`)) this.#isFull = true;
  }

  /** Notifies it of new items. */
  notice(): void {
    if (this.#timer || this.#isFull) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, GATHER_MS);
  }

  /** Ends the connection with a last message, so that the page does not reconnect. */
  end(): void {
    this.#send();
    this.#response.end("event: end\ndata: {}\n\n");
    this.#stop();
  }

  #send(): void {
    if (this.#isFull || this.#response.writableEnded) return;
    const missed = this.#ring.first - 1 - this.#sent;
    if (missed > 0) {
      this.#sent = this.#ring.first - 1;
      this.#write("missed", { count: missed });
    }
    const items = this.#ring.after(this.#sent, MOST_ITEMS);
    if (items.length === 0) return;
    this.#sent += items.length;
    this.#write("items", items);
    if (this.#sent < this.#ring.last) this.notice();
  }

  #write(event: string, data: unknown): void {
    const text = `id: ${this.#sent}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    if (!this.#response.write(text)) this.#isFull = true;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#alive);
  }
}
