import type { ClsEvent } from "./events/cls-event";
import type { Failure } from "./failure";
import { keyOf } from "./outputs/key";
import type { QuarantineSettings } from "./settings";
import type { CosAddress, CosClient } from "./tencent/cos-client";
import { type RetryPolicy, withRetries } from "./tencent/retry";
import { builtin } from "./tencent/builtin";

/** What is left of an event of CLS that was not delivered to the outputs: all of it. Stored as JSON. */
export interface EventNote {
  readonly version: 1;
  /** The event as it came. Invoking the function with it delivers it again. */
  readonly event: unknown;
  readonly reason: Failure;
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** When the note was written, ISO 8601. */
  readonly time: string;
}

/** The events under a quarantine prefix, in `cls/TOPIC/`. Its methods throw the `ServiceError` that no retry could help. */
export class EventQuarantine {
  readonly #client: CosClient;
  readonly #settings: QuarantineSettings;
  readonly #retry: RetryPolicy;
  readonly #signal: AbortSignal;

  constructor(client: CosClient, settings: QuarantineSettings, retry: RetryPolicy, signal: AbortSignal) {
    this.#client = client;
    this.#settings = settings;
    this.#retry = retry;
    this.#signal = signal;
  }

  /** Writes the note, over an older one of the same event. @param read undefined where the event cannot be read */
  async write(read: ClsEvent | undefined, note: EventNote): Promise<void> {
    const address = this.#address(read ? pathOf(read) : `unread/${hashOf(note.event)}`);
    const body = Buffer.from(JSON.stringify(note));
    await withRetries(
      () => this.#client.put(address, body, "application/json", this.#signal),
      this.#retry,
      this.#signal,
    );
  }

  /** Removes the event's note, if there is one. */
  async remove(read: ClsEvent): Promise<void> {
    const address = this.#address(pathOf(read));
    await withRetries(() => this.#client.delete(address, this.#signal), this.#retry, this.#signal);
  }

  #address(path: string): CosAddress {
    const { bucket, region, prefix } = this.#settings;
    return { bucket, region, key: keyOf(`${prefix}cls/`, path, ".json") };
  }
}

/** The same for each delivery of the same logs. */
export function pathOf({ topicId, hash }: Pick<ClsEvent, "topicId" | "hash">): string {
  return `${topicId}/${hash}`;
}

function hashOf(event: unknown): string {
  return builtin("node:crypto")
    .createHash("sha256")
    .update(JSON.stringify(event) ?? "")
    .digest("hex")
    .slice(0, 32);
}
