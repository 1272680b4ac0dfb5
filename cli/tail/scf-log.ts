import type { ReadLog } from "../../functions/tencent/topic-reader/read";
import type { Outcome } from "./events";
import { levelName } from "./level";

/** What SCF wrote of a request to the function's topic. */
export type ScfLog = ScfOrigin &
  (
    | { readonly kind: "start" }
    /** A line of the function, without the runtime's prefix; or one of the platform, such as an error's text. */
    | {
        readonly kind: "line";
        readonly level: string;
        readonly text: string;
        readonly isPlatform: boolean;
        /** Whether SCF may have truncated it. */
        readonly isCut: boolean;
      }
    /** The function's result, or why it failed. */
    | { readonly kind: "result"; readonly text: string }
    | { readonly kind: "end" }
    | {
        readonly kind: "report";
        readonly outcome: Outcome;
        readonly statusCode?: number;
        readonly durationMs?: number;
        readonly memoryMb?: number;
        readonly memoryLimitMb?: number;
      }
  );

interface ScfOrigin {
  readonly function: string;
  readonly namespace: string;
  readonly version: string;
  readonly requestId: string;
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly retry: number;
}

/** Maximum bytes of a message in SCF's log: https://cloud.tencent.com/document/product/583/40025. */
const MAX_MESSAGE_BYTES = 8192;

/**
 * Parses a log of SCF, in its format with 14 fields or in the compact one, which omits some of them
 * (https://cloud.tencent.com/document/product/583/60336); undefined if it is not one of SCF's.
 */
export function scfLogOf({ contents, time }: ReadLog): ScfLog | undefined {
  const { SCF_FunctionName: name, SCF_RequestId: requestId, SCF_Message: message = "", SCF_Type: type } = contents;
  if (name === undefined || requestId === undefined) return undefined;
  const origin = {
    function: name,
    namespace: contents.SCF_Namespace || "default",
    version: contents.SCF_Qualifier || "",
    requestId,
    time: microseconds(contents.SCF_LogTime) ?? time,
    retry: Number(contents.SCF_RetryNum) || 0,
  };
  const word = type === "Platform" ? /^(START|END|Report)\b/i.exec(message)?.[1].toLowerCase() : undefined;
  if (word === "start" || word === "end") return { kind: word, ...origin };
  if (word === "report" || isCompactReport(contents)) return { kind: "report", ...origin, ...reportOf(contents) };
  const isPlatform = type === "Platform";
  const result = isPlatform ? /^(?:Response|ERROR) RequestId: ?[\w-]+ (?:RetMsg|Result): ?/i.exec(message) : null;
  if (result) return { kind: "result", ...origin, text: message.slice(result[0].length) };
  const isCut = Buffer.byteLength(message) >= MAX_MESSAGE_BYTES - 3;
  const { level, text } = isPlatform ? { level: "error", text: message } : withoutPrefix(message, requestId);
  return { kind: "line", ...origin, text, isPlatform, isCut, level: level || levelOf(contents) };
}

/** The compact format's report has no message, but fields with the same content. */
function isCompactReport({
  SCF_Type: type,
  SCF_Message: message,
  SCF_Duration: duration,
}: ReadLog["contents"]): boolean {
  return type === "Platform" && !message && duration !== undefined;
}

/** SCF uses INFO for every line without a known level. */
function levelOf({ SCF_Level: level = "" }: ReadLog["contents"]): string {
  return level === "INFO" ? "" : levelName(level);
}

/**
 * The prefix of the Node runtime, and that of logged lines in Python's runtime. Currently unverified, so lines are
 * compared with and without it.
 */
const NODE_PREFIX = /^\d{4}-\d\d-\d\d[T ][\d:.,]{8,15}(?:Z|[+-]\d\d:?\d\d)?\t(?<id>[\w-]+)\t(?:(?<level>[A-Z]+)\t)?/;
const PYTHON_PREFIX = /^\[(?<level>[A-Z]+)\]\t\d{4}-\d\d-\d\d[T ][\d:.,]{8,15}(?:Z|[+-]\d\d:?\d\d)?\t(?<id>[\w-]+)\t/;

function withoutPrefix(message: string, requestId: string): { level: string; text: string } {
  const match = NODE_PREFIX.exec(message) ?? PYTHON_PREFIX.exec(message);
  const { id, level = "" } = match?.groups ?? {};
  if (!match || (id !== requestId && id !== "undefined")) return { level: "", text: message };
  return { level: levelName(level), text: message.slice(match[0].length) };
}

function reportOf(contents: ReadLog["contents"]) {
  const { SCF_Message: message = "" } = contents;
  const statusCode = number(contents.SCF_StatusCode);
  // The fields take precedence; the message has the same content: `Duration:12ms Memory:128MB MemUsage:31.5MB`.
  const inWords = (word: string): number | undefined => number(new RegExp(`\\b${word}: ?([\\d.]+)`).exec(message)?.[1]);
  return {
    outcome: outcomeOf(statusCode),
    statusCode,
    durationMs: number(contents.SCF_Duration) ?? inWords("Duration"),
    memoryMb: inWords("MemUsage") ?? number(contents.SCF_MemUsage),
    memoryLimitMb: inWords("Memory"),
  };
}

/** Codes of https://cloud.tencent.com/document/product/583/42611: other codes, except success, are errors. */
function outcomeOf(statusCode: number | undefined): Outcome {
  switch (statusCode) {
    case undefined:
    case 202:
      return "unknown";
    case 200:
      return "ok";
    case 433:
      return "timeout";
    case 434:
      return "out_of_memory";
    case 439:
    case 446:
      return "exited";
    default:
      return "error";
  }
}

/** A number in SCF's format; undefined if there is none. */
function number(text: string | undefined): number | undefined {
  return text !== undefined && text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/** SCF writes nanoseconds; other units are recognized by the size of the number, for the years 2001 to 2286. */
function microseconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{10,19}$/.test(text)) return undefined;
  const digits = text.length > 16 ? text.slice(0, -3) : text.padEnd(16, "0");
  return Number(digits);
}
