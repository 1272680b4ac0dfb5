import type * as Http from "node:http";
import { builtin } from "../tencent/builtin";
import type { Endpoint } from "../tencent/endpoint";
import { ServiceError, connectionError } from "../tencent/service-error";

/** A request of the reporter, signed. */
export interface WireRequest {
  /** The request in words, for errors. */
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
  /** Its start: what is longer says nothing to us. */
  readonly text: string;
}

/** Milliseconds that an answer may take. */
const TIMEOUT_MS = 5_000;

/**
 * Milliseconds for which a connection is used again. SCF freezes an instance between invocations, and a socket that is
 * kept over that time may be dead without anyone noticing.
 */
const REUSE_MS = 3_000;

/** Milliseconds after which a request is given up when an invocation begins. */
const STALE_MS = 1_000;

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * HTTP that nobody waits for: neither its sockets nor its timers keep the process awake, so that an invocation ends when
 * the handler's own work does. It has one connection, which serves one request at a time. `functions/tencent/http.ts` is
 * for work that the invocation is about.
 */
export class Wire {
  #agent: Http.Agent | undefined;
  #request: Http.ClientRequest | undefined;
  /** When the connection was used last, or a request was sent: milliseconds since the epoch. */
  #usedAt = 0;

  /** @throws ServiceError where there is no answer, or only half of one */
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

  /** Ends a request that was under way when the instance was frozen, which then fails as a reset does. */
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
