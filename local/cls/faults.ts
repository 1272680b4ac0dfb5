import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { cutConnection } from "../cos/faults";

/** What a test sees of a request to CLS before it decides to spoil it. */
export interface ClsFaultRequest {
  /** `pull_log`, `structuredlog`, or an action of the API. */
  readonly action: string;
  readonly topicId?: string;
  readonly partitionId?: number;
  /** How many requests for the same came before, this one included: 1 is the first. */
  readonly attempt: number;
}

/** How a request goes wrong. */
export interface ClsFault {
  /** Waits before anything else, in milliseconds. */
  readonly delayMs?: number;
  /** Answers with this status, and an error: with 200, as API 3.0 tells errors. */
  readonly status?: number;
  /** Error code of `status`. @default `SpeedQuotaExceed` for 429, else `InternalError` */
  readonly code?: string;
  /** Answers with this body and status 200, whatever it is. */
  readonly body?: string;
  /** Never answers; the connection stays open. */
  readonly stall?: boolean;
  /** Resets the connection after so many bytes of the answer's body; 0 resets it before any answer. */
  readonly reset?: number;
  /** Ends the connection in good order after so many bytes, although `Content-Length` promised more. */
  readonly shortBody?: number;
}

/** Spoils requests as tests say. */
export class ClsFaults {
  /** Set by tests. */
  decide: (request: ClsFaultRequest) => ClsFault | undefined | void = () => undefined;
  private readonly attempts = new Map<string, number>();

  /** The fault of a request. Whatever comes before the answer itself is done: see {@link send} for the rest. */
  next(request: Omit<ClsFaultRequest, "attempt">): ClsFault {
    const name = `${request.action} ${request.topicId} ${request.partitionId}`;
    const attempt = (this.attempts.get(name) ?? 0) + 1;
    this.attempts.set(name, attempt);
    return this.decide({ ...request, attempt }) ?? {};
  }
}

/** The code that an error has where a test names none. */
export function codeOfFault({ status, code }: ClsFault): string {
  return code ?? (status === 429 ? "SpeedQuotaExceed" : "InternalError");
}

/** Sends a body whose headers are set, or what the fault leaves of it. */
export async function sendSpoilt(
  response: ServerResponse,
  status: number,
  body: Buffer,
  fault: ClsFault,
): Promise<void> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.stall) return;
  if (fault.reset === 0) return cutConnection(response, "reset");
  response.setHeader("Content-Length", body.length);
  response.writeHead(status);
  const cut = fault.reset ?? fault.shortBody;
  if (cut === undefined) return void response.end(body);
  response.flushHeaders();
  response.write(body.subarray(0, cut));
  await cutConnection(response, fault.reset === undefined ? "end" : "reset");
}
