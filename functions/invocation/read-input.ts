import { DeliveredLogs } from "../events/delivered-logs";
import type { InputIdentity } from "../outputs/context";
import { createOutputs } from "../outputs/create";
import { addAllReports } from "../outputs/report";
import { ContentError } from "../parser/content-error";
import { addCounts, countsSince, emptyCounts, type ParseCounts } from "../parser/counts";
import { parse } from "../parser/parse";
import { parseLogs } from "../parser/parse-logs";
import { Router } from "../processors/router";
import { routedSince } from "../processors/router-counts";
import { Sampler } from "../processors/sampler";
import { loadRedactPart } from "../redact/redact-part";
import { LinkedAbort } from "../runtime/linked-abort";
import { logError } from "../runtime/log";
import type { ContentSettings } from "../settings";
import { behind, type Continuation, Pausing } from "./pausing";
import type { Session } from "./session";
import { addRouted } from "./summary";

/** The input: an object, or the logs of an event. */
export interface Input extends InputIdentity {
  /** Its unpacked bytes, or the logs of an event. */
  readonly source: AsyncIterable<Uint8Array> | DeliveredLogs;
  /** @default JSON lines */
  readonly content?: ContentSettings;
  /** Set if several invocations can read it, one after the other. @default it is read at once, or fails */
  readonly parts?: InputParts;
}

/** State of an input that several invocations can read, one after the other. */
export interface InputParts {
  /** The state after earlier invocations. @default none */
  readonly before?: Continuation;
  /** Offset of the content at which the source begins. */
  readonly from: number;
  /** Number of bytes of the stored object that were read so far. */
  bytes(): number;
}

/** The result for an input. It includes what was read before a fault. */
export interface InputOutcome extends ParseCounts {
  /** The error in opening, reading or storing it; undefined if all of it is stored. */
  readonly error?: unknown;
  /** Keys of its batches in quarantine. */
  readonly left: readonly string[];
  /** Where another invocation continues, if time was up before the input's end. */
  readonly unfinished?: Continuation;
}

/**
 * The loop of all handlers: reads an input through the processor into the outputs until all of it is stored, and adds its
 * counts to the summary. Never throws: an error is part of the outcome, and no work on the input is left running.
 */
export async function readInput(session: Session, input: Input): Promise<InputOutcome> {
  const { before, from = 0 } = input.parts ?? {};
  // Content that is read from its start is counted again.
  const counts = from > 0 && before ? { ...before.counts } : emptyCounts();
  let router: Router;
  try {
    router = openRouter(session, input);
  } catch (error) {
    return { ...counts, error, left: [] };
  }
  const { error, unfinished } = await pass(session, input, router, counts);
  count(session, router, unfinished ? unfinished.counts : counts, before, unfinished);
  warnOfEncoding(input, counts);
  return { ...(unfinished?.counts ?? counts), error, left: router.left, unfinished };
}

/** Throws if the user's code, a secret or a file beside the handler is missing. */
function openRouter(session: Session, { name, path, content, parts }: Input): Router {
  const { processor, outputs, context, settings } = session;
  const { redact, sample } = settings;
  const abort = new LinkedAbort(context.signal);
  const opened = createOutputs(outputs, { name, path }, { ...context, signal: abort.signal }, parts?.before?.outputs);
  return new Router(processor, opened, abort, {
    isJson: content === undefined || content.type === "json" || content.type === "json-values",
    ...(sample && { sampler: new Sampler(sample) }),
    ...(redact && { redactor: loadRedactPart().redactorOf(redact) }),
  });
}

/** Resolves to the error that ended it early, if any. */
async function pass(
  session: Session,
  input: Input,
  router: Router,
  counts: ParseCounts,
): Promise<Pick<InputOutcome, "error" | "unfinished">> {
  const { processor, settings, context } = session;
  const { name, source, content, parts } = input;
  const { before, from = 0 } = parts ?? {};
  const pausing = parts && new Pausing(before, session.pausesAt, content, counts);
  const options = {
    object: name,
    check: processor.check,
    maxLineBytes: settings.maxLineBytes,
    content,
    ...(pausing && { from, tellsReached: true }),
  };
  try {
    const batches =
      source instanceof DeliveredLogs ? parseLogs(source, options, counts) : parse(source, options, counts);
    for await (const batch of batches) {
      context.signal.throwIfAborted();
      await router.write(before && from === 0 ? behind(batch, before.byte) : batch);
      pausing?.took(batch, router);
      const unfinished = await pausing?.pause(router, parts?.bytes() ?? 0);
      if (unfinished) return { unfinished };
    }
    await router.flush();
    return {};
  } catch (error) {
    return { error: (await keep(router, error)) ?? error };
  }
}

/**
 * Stores what was read before a fault of the content: no retry would bring more of it, and the summary counts it. What was
 * read before any other error is read again.
 *
 * @returns why it cannot be stored, if so
 */
async function keep(router: Router, error: unknown): Promise<unknown> {
  try {
    if (error instanceof ContentError) return await router.flush();
  } catch (cause) {
    await router.discard();
    return cause;
  }
  await router.discard();
  return undefined;
}

/** Text in another encoding is read with U+FFFD in place of its characters, which a count alone does not explain. */
function warnOfEncoding({ name }: Input, { looksLike, invalidUtf8 }: ParseCounts): void {
  if (looksLike === undefined) return;
  logError(
    `${name}: text must be UTF-8, got ${invalidUtf8} lines that are not and look like ${looksLike}; ` +
      `set content's encoding to "${looksLike}"`,
  );
}

/** Adds what this invocation did. What the next one reads again is counted there. */
function count(
  { summary }: Session,
  router: Router,
  counts: Readonly<ParseCounts>,
  before: Continuation | undefined,
  unfinished: Continuation | undefined,
): void {
  addCounts(summary, before ? countsSince(counts, before.counts) : counts);
  addRouted(summary, unfinished ? routedSince(unfinished.routed, before?.routed) : router.counts());
  summary.outputs = addAllReports(summary.outputs, router.reports());
}
