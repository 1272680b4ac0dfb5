import { isObject } from "../../runtime/checked-json";
import { ServiceError } from "../service-error";
import type { TopicClient } from "./client";
import type { ReadLog } from "./read";
import { ReadError, unknownAnswer } from "./read-error";

/** A time range in milliseconds since 1970; `to` is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The result of one request. */
export interface Page {
  readonly logs: ReadLog[];
  /** Whether there are no more. */
  readonly isLast: boolean;
  readonly context?: string;
}

/** Maximum logs of one answer. Fact: docs/design/facts/cls-reading.md#searching. */
const PAGE_LOGS = 1000;

/** Maximum logs that can be paged through by `Context`. */
const MAX_BY_CONTEXT = 10_000;

/** Searches a topic beyond the limits of a single answer. */
export class Search {
  readonly #client: TopicClient;
  readonly #query: string;
  readonly #attempt: <T>(request: () => Promise<T>) => Promise<T>;
  readonly #signal: AbortSignal;
  /** Whether CLS accepts `Offset`, which is newer than `Context`. */
  #byOffset = true;

  constructor(
    client: TopicClient,
    query: string,
    attempt: <T>(request: () => Promise<T>) => Promise<T>,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#query = query;
    this.#attempt = attempt;
    this.#signal = signal;
  }

  /** All logs of a span in pages, the oldest first. A log can occur in two pages, with the same id. */
  async *all(span: Span): AsyncGenerator<ReadLog[]> {
    if (span.from >= span.to) return;
    try {
      if (this.#byOffset) yield* this.#allByOffset(span);
      else yield* this.#allByContext(span);
    } catch (error) {
      if (this.#byOffset && isOffsetUnknown(error)) {
        this.#byOffset = false;
        yield* this.all(span);
      } else if (isTooSlow(error) && span.to - span.from > 1) {
        const middle = Math.floor((span.from + span.to) / 2);
        yield* this.all({ from: span.from, to: middle });
        yield* this.all({ from: middle, to: span.to });
      } else throw error;
    }
  }

  async *#allByOffset(span: Span): AsyncGenerator<ReadLog[]> {
    for (let offset = 0; ;) {
      const { logs, isLast } = await this.page(span, { Limit: PAGE_LOGS, Offset: offset });
      yield logs;
      // A page that is not full need not be the last one.
      if (isLast || logs.length === 0) return;
      offset += logs.length;
    }
  }

  async *#allByContext({ from, to }: Span): AsyncGenerator<ReadLog[]> {
    let context: string | undefined;
    let last = from;
    for (let found = 0; found < MAX_BY_CONTEXT;) {
      const page = await this.page({ from, to }, { Limit: PAGE_LOGS, ...(context && { Context: context }) });
      yield page.logs;
      if (page.isLast || page.logs.length === 0) return;
      context = page.context;
      found += page.logs.length;
      last = Math.floor(page.logs[page.logs.length - 1].time / 1000);
    }
    if (last <= from) {
      const text = `a millisecond must hold fewer than ${MAX_BY_CONTEXT} logs to be searched, got more at ${from}; pull the topic, or narrow the query`;
      throw new ReadError("request", "TooManyLogs", text);
    }
    yield* this.#allByContext({ from: last, to });
  }

  /** One request. @param parameters parameters of `SearchLog`, besides the span and the query */
  async page({ from, to }: Span, parameters: object): Promise<Page> {
    const request = { From: from, To: to, QueryString: this.#query, QuerySyntax: 1, Sort: "asc", ...parameters };
    return this.#attempt(async () => readPage(await this.#client.call("SearchLog", request, this.#signal)));
  }
}

function isOffsetUnknown(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  return /^(UnknownParameter|InvalidParameter)/.test(error.code) && /\bOffset\b/.test(error.message);
}

function isTooSlow(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "FailedOperation.SearchTimeout";
}

function readPage(answer: Record<string, unknown>): Page {
  const { Results, ListOver, Context, Analysis } = answer;
  if (Analysis === true) {
    throw new ReadError(
      "request",
      "InvalidParameter",
      "the query must be a search without SQL; leave out what stands behind |",
    );
  }
  if (typeof ListOver !== "boolean" || (Results !== null && Results !== undefined && !Array.isArray(Results))) {
    throw unknownAnswer("SearchLog must be answered with ListOver and a list Results, got something else", answer);
  }
  const context = typeof Context === "string" && Context !== "" ? Context : undefined;
  if (!ListOver && !context) throw unknownAnswer("SearchLog must be answered with Context where more is there", answer);
  return { logs: (Results ?? []).map(readResult), isLast: ListOver, ...(context && { context }) };
}

function readResult(result: unknown): ReadLog {
  const { Time, PkgId, PkgLogId, LogJson, RawLog, Source, FileName } = isObject(result) ? result : {};
  if (typeof Time !== "number") {
    throw unknownAnswer("SearchLog must be answered with results that have a Time, got one without", result);
  }
  const hasId =
    typeof PkgId === "string" && PkgId !== "" && (typeof PkgLogId === "string" || typeof PkgLogId === "number");
  return {
    time: Time * 1000,
    contents: contentsOf(LogJson, RawLog, result),
    ...(typeof Source === "string" && Source !== "" && { source: Source }),
    ...(typeof FileName === "string" && FileName !== "" && { filename: FileName }),
    ...(hasId && { id: `${PkgId}/${PkgLogId}` }),
  };
}

/** The fields of a log; if it could not be indexed, its raw text under CLS's name for raw lines. */
function contentsOf(json: unknown, raw: unknown, result: unknown): Record<string, string> {
  if (typeof json === "string" && json !== "") {
    try {
      const fields: unknown = JSON.parse(json);
      if (isObject(fields)) return asTexts(fields);
    } catch {
      // Reported below.
    }
  }
  if (typeof raw === "string" && raw !== "") return { __CONTENT__: raw };
  throw unknownAnswer("SearchLog must be answered with results that hold LogJson or RawLog, got neither", result);
}

function asTexts(fields: Record<string, unknown>): Record<string, string> {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") continue;
    const text = JSON.stringify(value);
    Object.defineProperty(fields, name, { value: text, enumerable: true, writable: true, configurable: true });
  }
  return fields as Record<string, string>;
}
