import type { ObjectReference } from "../../events/cos-event";
import { type Failure, failureOf } from "../../invocation/failure";
import { ContentError } from "../../parser/content-error";
import { decompress } from "../../parser/decompress";
import { emptyCounts, parse } from "../../parser/parse";
import type { ParseCounts } from "../../parser/sink";
import type { Processor } from "../../processors/processor";
import type { ContentSettings } from "../../settings";
import { type CosClient, cosUrl } from "../../tencent/cos-client";
import { ObjectReplacedError } from "../../tencent/cos-error";
import { CosReader } from "../../tencent/cos-reader";
import type { RetryPolicy } from "../../tencent/retry";

/** What became of one object. What was read before a failure counts. */
export interface ObjectOutcome extends ParseCounts {
  /** Bytes of the stored object. */
  bytes: number;
  dropped: number;
  requests: number;
  /** Requests that were sent again. */
  retries: number;
  /** ETag of what was read, where COS answered. */
  eTag?: string;
  /** Undefined where the object was read to its end. */
  failure?: Failure;
}

/** What reading an object takes. */
export interface ReadTools {
  readonly client: CosClient;
  readonly processor: Processor;
  readonly maxLineBytes: number;
  readonly maxUnpackRatio?: number;
  /** @default JSON lines */
  readonly content?: ContentSettings;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
}

/** How often an object that is being replaced is started over; its last version has an event of its own. */
const MAX_RESTARTS = 3;

/** Reads an object to its end, and hands its records to the processor until they are stored. Never throws: failures are part of the outcome. */
export async function readObject(object: ObjectReference, tools: ReadTools): Promise<ObjectOutcome> {
  const outcome = emptyOutcome();
  for (let restarts = 0; ; restarts++) {
    const error = await readOnce(object, tools, outcome);
    if (error === undefined) return outcome;
    const mayStartOver = error instanceof ObjectReplacedError && outcome.lines === 0 && restarts < MAX_RESTARTS;
    if (!mayStartOver) return { ...outcome, failure: placed(failureOf(error), error, outcome) };
    outcome.retries++;
  }
}

/** Adds to a fault of the content where it is: the byte of the stored object, and the last line that is whole. */
function placed(failure: Failure, error: unknown, { lines }: ObjectOutcome): Failure {
  if (!(error instanceof ContentError)) return failure;
  return { ...failure, message: `${failure.message} (at byte ${error.bytes}, behind line ${lines})` };
}

/** The outcome of an object of which nothing was read. */
export function emptyOutcome(): ObjectOutcome {
  return { ...emptyCounts(), dropped: 0, bytes: 0, requests: 0, retries: 0 };
}

/** One pass over the object: adds to the outcome and returns the error that ended the pass, if one did. */
async function readOnce(object: ObjectReference, tools: ReadTools, outcome: ObjectOutcome): Promise<unknown> {
  const { client, processor, maxLineBytes, maxUnpackRatio, content, retry, signal } = tools;
  const reader = new CosReader(object, { client, retry, signal });
  const readers = [reader];
  const unpacked = decompress(reader, {
    expectGzip: object.key.endsWith(".gz"),
    expect: content === undefined || content.type === "json" ? "json" : "text",
    maxUnpackRatio,
    again: () => {
      const other = new CosReader(object, { client, retry, signal });
      readers.push(other);
      return whileSame(other, reader.eTag);
    },
  });
  const options = {
    object: cosUrl(object),
    check: processor.check,
    maxLineBytes,
    content,
    onInvalid: processor.reject,
  };
  try {
    for await (const batch of parse(processor.paced(unpacked), options, outcome)) {
      outcome.dropped += await processor.write(batch);
    }
    await processor.flush();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    outcome.bytes = reader.bytes;
    for (const { requests, retries } of readers) {
      outcome.requests += requests;
      outcome.retries += retries;
    }
    outcome.eTag = reader.eTag;
  }
}

/** The bytes of an object that is read a second time, as long as it is still the one that was read first. */
async function* whileSame(reader: CosReader, eTag: string | undefined): AsyncGenerator<Uint8Array> {
  for await (const chunk of reader) {
    if (reader.eTag !== eTag) return;
    yield chunk;
  }
}
