import type { ObjectReference } from "./events/cos-event";
import { type Failure, failureOf } from "./failure";
import { decompress } from "./parser/decompress";
import { parse, type ParseCounts } from "./parser/parse";
import type { Processor } from "./processor/processor";
import { type CosClient, cosUrl } from "./tencent/cos-client";
import { ObjectReplacedError } from "./tencent/cos-error";
import { CosReader } from "./tencent/cos-reader";
import type { RetryPolicy } from "./tencent/retry";

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
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
}

/** How often an object that is being replaced is started over; its last version has an event of its own. */
const MAX_RESTARTS = 3;

/** Reads an object to its end and hands its records to the processor. Never throws: failures are part of the outcome. */
export async function readObject(object: ObjectReference, tools: ReadTools): Promise<ObjectOutcome> {
  const outcome = emptyOutcome();
  for (let restarts = 0; ; restarts++) {
    const error = await readOnce(object, tools, outcome);
    if (error === undefined) return outcome;
    const mayStartOver = error instanceof ObjectReplacedError && outcome.lines === 0 && restarts < MAX_RESTARTS;
    if (!mayStartOver) return { ...outcome, failure: failureOf(error) };
    outcome.retries++;
  }
}

function emptyOutcome(): ObjectOutcome {
  return { lines: 0, records: 0, invalid: 0, dropped: 0, bytes: 0, requests: 0, retries: 0 };
}

/** One pass over the object: adds to the outcome and returns the error that ended the pass, if one did. */
async function readOnce(object: ObjectReference, tools: ReadTools, outcome: ObjectOutcome): Promise<unknown> {
  const { client, processor, maxLineBytes, retry, signal } = tools;
  const reader = new CosReader(object, { client, retry, signal });
  const content = decompress(reader, { expectGzip: object.key.endsWith(".gz") });
  const options = { object: cosUrl(object), check: processor.check, maxLineBytes };
  try {
    for await (const batch of parse(content, options, outcome)) outcome.dropped += await processor.write(batch);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    outcome.bytes = reader.bytes;
    outcome.requests += reader.requests;
    outcome.retries += reader.retries;
    outcome.eTag = reader.eTag;
  }
}
