import { setMaxListeners } from "node:events";
import { LinkedAbort } from "../../runtime/linked-abort";
import { readCredentials } from "../credentials";
import { Attempts } from "./attempts";
import { Channel } from "./channel";
import { TopicClient } from "./client";
import type { PullWork } from "./partition-reading";
import { pullTopic } from "./pull";
import type { ReadEvent, TopicRead, TopicReaderOptions } from "./read";
import { ReadError } from "./read-error";
import { searchTopic } from "./search";

export * from "./read";
export { ReadError, type ReadFailure } from "./read-error";

/**
 * Reads a topic, either through CLS's consumption interface, which needs no index and uses offsets per partition, or by
 * searching. Fact: docs/design/facts/cls-reading.md#ways-to-read. Close it.
 */
export class TopicReader {
  readonly #options: TopicReaderOptions;
  readonly #client: TopicClient;

  constructor(options: TopicReaderOptions) {
    this.#options = options;
    this.#client = new TopicClient(options);
  }

  /**
   * Reads. Nothing is lost and nothing comes twice, whatever happens to requests; interruptions are reported as notices. It
   * waits for its consumer: at most one batch per partition is waiting.
   *
   * @throws ReadError for errors that no retry can fix; the signal's reason
   */
  async *read(read: TopicRead): AsyncGenerator<ReadEvent> {
    const ending = new LinkedAbort(read.signal ?? new AbortController().signal);
    // Each partition and request adds a listener.
    setMaxListeners(0, ending.signal);
    const channel = new Channel<ReadEvent>();
    const emit = (event: ReadEvent): Promise<void> => channel.push(event);
    const credentials = this.#options.credentials ?? readCredentials;
    const attempts = new Attempts({
      signal: ending.signal,
      patienceMs: read.patienceMs ?? Infinity,
      keyId: () => credentials().secretId,
      tell: emit,
    });
    const work: PullWork = { client: this.#client, attempts, read, emit, signal: ending.signal };
    runAsAsked(work).then(
      () => channel.end(),
      (error) => channel.fail(read.signal?.aborted ? read.signal.reason : error),
    );
    try {
      yield* channel.values();
    } finally {
      ending.abort(new Error("the read was ended"));
    }
  }

  /** Closes every connection. */
  close(): void {
    this.#client.close();
  }
}

async function runAsAsked(work: PullWork): Promise<void> {
  const { read, emit } = work;
  if (read.how === "search") return searchTopic(work);
  if (read.how !== "auto") return pullTopic(work);
  let hasBatches = false;
  const counting = (event: ReadEvent): Promise<void> => {
    hasBatches ||= event.kind === "logs";
    return emit(event);
  };
  try {
    await pullTopic({ ...work, emit: counting });
  } catch (error) {
    const isOffset = typeof read.from === "object" && !(read.from instanceof Date);
    if (!(error instanceof ReadError) || error.failure !== "denied" || hasBatches || isOffset) throw error;
    await emit({ kind: "notice", notice: "searching", code: error.code, message: error.message });
    // A search reads the last minutes again, so at most one per second.
    await searchTopic({ ...work, read: { ...read, perSecond: Math.min(read.perSecond ?? 1, 1) } });
  }
}
