import type * as Http from "node:http";
import { builtin } from "../tencent/builtin";
import type { Endpoint } from "../tencent/endpoint";
import { ServiceError, connectionError } from "../tencent/service-error";

/** A signed request of the reporter. */
export interface WireRequest {
  /** Description of the request for errors. */
  readonly what: string;
  readonly method: string;
  readonly endpoint: Endpoint;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Http.IncomingHttpHeaders;
  /** The start of the answer; the rest is not needed. */
  readonly text: string;
}

/** Timeout of an answer in milliseconds. */
const TIMEOUT_MS = 5_000;

/**
 * Milliseconds for which a connection is reused. SCF freezes an instance between invocations, and a socket that is kept
 * during that time can be dead without anyone noticing.
 */
const REUSE_MS = 3_000;

/** Age in milliseconds at which a request is given up when an invocation begins. */
const STALE_MS = 1_000;

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * HTTP in the background: neither its sockets nor its timers keep the process alive, so that an invocation ends when the
 * handler's own work does. It has one connection for one request at a time. `functions/tencent/http.ts` is for the
 * invocation's actual work.
 */
export class Wire {
  #agent: Http.Agent | undefined;
  #request: Http.ClientRequest | undefined;
  /** When the connection was last used, or a request was sent, in milliseconds since the epoch. */
  #usedAt = 0;

  /** @throws ServiceError if there is no answer, or only a part of one */
  send({ what, method, endpoint, path, headers, body }: WireRequest): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(connectionError(what, error));
      const { protocol, hostname, port } = endpoint;
      const transport = protocol === "http:" ? builtin("node:http") : builtin("node:https");
      if (Date.now() - this.#usedAt > REUSE_MS) this.#close();
      this.#agent ??= new transport.Agent({ keepAlive: true });
      const request = transport.request({ hostname, port, path, method, headers: { ...headers }, agent: this.#agent });
      this.#request = request;
      this.#usedAt = Date.now();
      const timer = setTimeout(() => request.destroy(timeout(what)), TIMEOUT_MS).unref();
      request.on("socket", (socket) => socket.unref());
      request.once("close", () => {
        clearTimeout(timer);
        if (this.#request === request) this.#request = undefined;
      });
      request.on("error", fail);
      request.once("response", (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          if (bytes < MAX_ANSWER_BYTES) chunks.push(chunk);
          bytes += chunk.length;
        });
        response.on("error", fail);
        response.once("close", () => fail(new ServiceError("ECONNRESET", `${what} got a part of its answer`)));
        response.once("end", () => {
          if (!response.complete) return;
          this.#usedAt = Date.now();
          const { statusCode = 0, headers: answered } = response;
          resolve({ status: statusCode, headers: answered, text: Buffer.concat(chunks).toString() });
        });
      });
      request.end(body);
    });
  }

  /** Ends a request that was in progress when the instance was frozen; it fails like after a reset. */
  thaw(): void {
    if (this.#request && Date.now() - this.#usedAt > STALE_MS) this.#close();
  }

  #close(): void {
    this.#request?.destroy();
    this.#agent?.destroy();
    this.#agent = undefined;
  }
}

function timeout(what: string): ServiceError {
  return new ServiceError("ETIMEDOUT", `${what} got no answer for ${TIMEOUT_MS} ms`);
}
