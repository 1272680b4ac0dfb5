import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { cutConnection } from "../cos/faults";

/** A request to CLS, passed to a test to decide on a fault. */
export interface ClsFaultRequest {
  /** `pull_log`, `structuredlog`, or an action of the API. */
  readonly action: string;
  readonly topicId?: string;
  readonly partitionId?: number;
  /** Number of requests for the same so far, including this one. */
  readonly attempt: number;
}

/** A fault of a request. */
export interface ClsFault {
  /** Delay before anything else, in milliseconds. */
  readonly delayMs?: number;
  /** Status of the answer, with an error; 200 for an error of API 3.0. */
  readonly status?: number;
  /** Error code of `status`. @default `SpeedQuotaExceed` for 429, else `InternalError` */
  readonly code?: string;
  /** Body of the answer, with status 200. */
  readonly body?: string;
  /** Never answers; the connection stays open. */
  readonly stall?: boolean;
  /** Resets the connection after that many bytes of the answer's body; 0 resets it before any answer. */
  readonly reset?: number;
  /** Closes the connection normally after that many bytes, although `Content-Length` is larger. */
  readonly shortBody?: number;
}

/** Injects faults for tests. */
export class ClsFaults {
  /** Set by tests. */
  decide: (request: ClsFaultRequest) => ClsFault | undefined | void = () => undefined;
  private readonly attempts = new Map<string, number>();

  /** The fault of a request. Everything before the answer itself is done here; {@link send} does the rest. */
  next(request: Omit<ClsFaultRequest, "attempt">): ClsFault {
    const name = `${request.action} ${request.topicId} ${request.partitionId}`;
    const attempt = (this.attempts.get(name) ?? 0) + 1;
    this.attempts.set(name, attempt);
    return this.decide({ ...request, attempt }) ?? {};
  }
}

/** The error code if a test sets none. */
export function codeOfFault({ status, code }: ClsFault): string {
  return code ?? (status === 429 ? "SpeedQuotaExceed" : "InternalError");
}

/** Sends a body whose headers are set, with the fault applied. */
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
