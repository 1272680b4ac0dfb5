import { DeliveredLogs } from "../events/delivered-logs";
import type { InputIdentity } from "../outputs/context";
import { createOutputs } from "../outputs/create";
import { addAllReports } from "../outputs/report";
import { ContentError } from "../parser/content-error";
import { addCounts, emptyCounts, type ParseCounts } from "../parser/counts";
import { parse } from "../parser/parse";
import { parseLogs } from "../parser/parse-logs";
import { Router } from "../processors/router";
import { Sampler } from "../processors/sampler";
import { loadRedactPart } from "../redact/redact-part";
import { LinkedAbort } from "../runtime/linked-abort";
import { logError } from "../runtime/log";
import type { ContentSettings } from "../settings";
import type { Session } from "./session";

/** What is read: an object, or the logs of an event. */
export interface Input extends InputIdentity {
  /** Its bytes, unpacked; or the logs of an event. */
  readonly source: AsyncIterable<Uint8Array> | DeliveredLogs;
  /** @default JSON lines */
  readonly content?: ContentSettings;
}

/** What became of an input. What was read before a fault counts. */
export interface InputOutcome extends ParseCounts {
  /** What kept it from being opened, or read and stored to its end; undefined where all of it is stored. */
  readonly error?: unknown;
  /** Keys of the batches of it that lie in quarantine. */
  readonly left: readonly string[];
}

/**
 * The loop of all handlers: reads an input through the processor into the outputs until all of it is stored, and adds what
 * it did to the summary. Never throws: a fault is part of the outcome, and nothing of the input is under way any more.
 */
export async function readInput(session: Session, input: Input): Promise<InputOutcome> {
  const counts = emptyCounts();
  let router: Router;
  try {
    router = openRouter(session, input);
  } catch (error) {
    return { ...counts, error, left: [] };
  }
  const error = await pass(session, input, router, counts);
  count(session, router, counts);
  warnOfEncoding(input, counts);
  return { ...counts, error, left: router.left };
}

/** Throws where the user's code, a secret or a file beside the handler is missing. */
function openRouter(session: Session, { name, path, content }: Input): Router {
  const { processor, outputs, context, settings } = session;
  const { redact, sample } = settings;
  const abort = new LinkedAbort(context.signal);
  const opened = createOutputs(outputs, { name, path }, { ...context, signal: abort.signal });
  return new Router(processor, opened, abort, {
    isJson: content === undefined || content.type === "json" || content.type === "json-values",
    ...(sample && { sampler: new Sampler(sample) }),
    ...(redact && { redactor: loadRedactPart().redactorOf(redact) }),
  });
}

/** Resolves to what ended it too soon, if anything did. */
async function pass(session: Session, input: Input, router: Router, counts: ParseCounts): Promise<unknown> {
  const { processor, settings, context } = session;
  const { name, source, content } = input;
  const options = { object: name, check: processor.check, maxLineBytes: settings.maxLineBytes, content };
  try {
    const batches =
      source instanceof DeliveredLogs ? parseLogs(source, options, counts) : parse(source, options, counts);
    for await (const batch of batches) {
      context.signal.throwIfAborted();
      await router.write(batch);
    }
    await router.flush();
    return undefined;
  } catch (error) {
    return (await keep(router, error)) ?? error;
  }
}

/**
 * Has stored what was read before a fault of the content: no retry would bring more of it, and the summary counts it. What
 * was read before another fault is read again.
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

function count({ summary }: Session, router: Router, counts: ParseCounts): void {
  addCounts(summary, counts);
  summary.dropped += router.dropped;
  if (router.sampled > 0) summary.sampled = (summary.sampled ?? 0) + router.sampled;
  for (const [kind, times] of Object.entries(router.redacted)) {
    summary.redacted ??= {};
    summary.redacted[kind] = (summary.redacted[kind] ?? 0) + times;
  }
  if (router.failed > 0) summary.failed = (summary.failed ?? 0) + router.failed;
  summary.outputs = addAllReports(summary.outputs, router.reports());
}
