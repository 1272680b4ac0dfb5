import type * as Http from "node:http";
import type { Answer } from "./acknowledgement";
import { builtin } from "./builtin";
import type { Endpoint } from "./endpoint";
import { connectionError, ServiceError } from "./service-error";

/** An HTTP request. */
export interface HttpRequest {
  /** Description of the request for errors: `GET cos://bucket/key`. */
  readonly what: string;
  readonly method: string;
  readonly endpoint: Endpoint;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Aborts the request, which then fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Milliseconds without a byte, while one is awaited, after which a request has failed. */
const DEFAULT_IDLE_TIMEOUT_MS = 10_000;

/** Maximum bytes of a document that explains a refusal, or acknowledges; the rest is not read. */
const MAX_EXPLANATION_BYTES = 64 * 1024;

/** Timeout of such a document in milliseconds: the status is already known, and others wait. */
const MAX_EXPLANATION_MS = 2_000;

/** Bytes of a body that are written at a time; each accepted piece counts as progress. */
const PIECE_BYTES = 256 * 1024;

type Transport = Pick<typeof Http, "Agent" | "request">;

/**
 * HTTP for use in one invocation. SCF freezes an instance between invocations, and a socket that is kept during that time
 * can be dead without anyone noticing. So each client has its own connections, and {@link close} closes them all.
 */
export class HttpClient {
  readonly #connections = new Map<string, { transport: Transport; agent: Http.Agent }>();
  readonly #idleTimeoutMs: number;

  constructor(idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS) {
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Sends a request; resolves, whatever the status, when the headers of the answer have arrived. */
  send({ what, method, endpoint, path, headers, body, signal }: HttpRequest): Promise<Http.IncomingMessage> {
    const { hostname, port } = endpoint;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const { transport, agent } = this.#connection(endpoint.protocol);
      const request = transport.request({ hostname, port, path, method, headers: { ...headers }, agent });
      const abort = () => request.destroy(signal?.reason);
      const timer = setTimeout(() => request.destroy(this.#idle(what)), this.#idleTimeoutMs);
      signal?.addEventListener("abort", abort, { once: true });
      let isSettled = false;
      const settle = () => {
        isSettled = true;
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      request.once("response", (response) => {
        settle();
        resolve(response);
      });
      // Not only once: a socket can fail again after the answer began, which the body then reports.
      request.on("error", (error) => {
        settle();
        reject(signal?.aborted ? signal.reason : connectionError(what, error));
      });
      upload(request, body, () => isSettled || timer.refresh());
    });
  }

  /**
   * The body of an answer. The timeout only runs while a byte is awaited: a slow but steady transfer is not an error, and
   * neither is a slow reader. The signal limits both.
   */
  async *body(
    { what, signal }: Pick<HttpRequest, "what" | "signal">,
    response: Http.IncomingMessage,
  ): AsyncGenerator<Uint8Array> {
    const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    const abort = () => response.destroy();
    signal?.addEventListener("abort", abort, { once: true });
    try {
      for (;;) {
        signal?.throwIfAborted();
        const timer = setTimeout(() => response.destroy(this.#idle(what)), this.#idleTimeoutMs);
        const next = await chunks.next().finally(() => clearTimeout(timer));
        if (next.done && !response.complete) throw new ServiceError("ECONNRESET", `${what} got a part of its answer`);
        if (next.done) return;
        yield next.value;
      }
    } catch (error) {
      throw signal?.aborted ? signal.reason : connectionError(what, error);
    } finally {
      signal?.removeEventListener("abort", abort);
      if (!response.complete) response.destroy();
    }
  }

  /** The body of an answer as text. */
  async text(request: Pick<HttpRequest, "what" | "signal">, response: Http.IncomingMessage): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.body(request, response)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  /**
   * A successful answer, to be read as an acknowledgement. These are short: of a longer one only the start is read.
   *
   * @throws ServiceError if it does not end
   */
  async answer(request: Pick<HttpRequest, "what" | "signal">, response: Http.IncomingMessage): Promise<Answer> {
    const timer = setTimeout(() => response.destroy(this.#idle(request.what)), this.#idleTimeoutMs);
    try {
      const { statusCode = 0, headers } = response;
      const text = await this.#start(request, response);
      return { statusCode, headers, text, isWhole: response.complete };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The complete body of an answer.
   *
   * @throws ServiceError if it is too long, or takes longer in total than the idle timeout
   */
  async whole(
    request: Pick<HttpRequest, "what" | "signal">,
    response: Http.IncomingMessage,
    maxBytes: number,
  ): Promise<Buffer> {
    const timer = setTimeout(() => response.destroy(this.#idle(request.what)), this.#idleTimeoutMs);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of this.body(request, response)) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw new ServiceError("EMSGSIZE", `${request.what} got more than ${maxBytes} bytes`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The document that explains a refusal, as far as it arrives: if it is cut off, endless or slow, the status is enough.
   *
   * @param isEnough whether its start contains everything needed
   * @param maxMs timeout in milliseconds
   */
  async explanation(
    request: Pick<HttpRequest, "what" | "signal">,
    response: Http.IncomingMessage,
    isEnough?: (start: string) => boolean,
    maxMs = MAX_EXPLANATION_MS,
  ): Promise<string> {
    const chunks: Uint8Array[] = [];
    const timer = setTimeout(() => response.destroy(), Math.min(this.#idleTimeoutMs, maxMs));
    try {
      return await this.#start(request, response, chunks, isEnough);
    } catch {
      request.signal?.throwIfAborted();
      return Buffer.concat(chunks).toString();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Drains a body without waiting for it, so that its connection can be reused. */
  ignoreBody(response: Http.IncomingMessage): void {
    response.on("error", () => undefined).resume();
  }

  /** Closes every socket, including those of requests in progress. */
  close(): void {
    for (const { agent } of this.#connections.values()) agent.destroy();
  }

  /** The first bytes of a body. @param chunks receives them as they arrive */
  async #start(
    request: Pick<HttpRequest, "what" | "signal">,
    response: Http.IncomingMessage,
    chunks: Uint8Array[] = [],
    isEnough: (start: string) => boolean = () => false,
  ): Promise<string> {
    let bytes = 0;
    for await (const chunk of this.body(request, response)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_EXPLANATION_BYTES || isEnough(Buffer.from(chunks[0]).toString())) break;
    }
    return Buffer.concat(chunks).toString("utf8", 0, MAX_EXPLANATION_BYTES);
  }

  #connection(protocol: Endpoint["protocol"]): { transport: Transport; agent: Http.Agent } {
    const open = this.#connections.get(protocol);
    if (open) return open;
    const transport: Transport = protocol === "http:" ? builtin("node:http") : builtin("node:https");
    const connection = { transport, agent: new transport.Agent({ keepAlive: true }) };
    this.#connections.set(protocol, connection);
    return connection;
  }

  #idle(what: string): ServiceError {
    return new ServiceError("ETIMEDOUT", `${what} got no byte for ${this.#idleTimeoutMs} ms`);
  }
}

/** Sends the body and ends the request. @param moved called whenever the connection has accepted a piece */
function upload(request: Http.ClientRequest, body: Uint8Array | undefined, moved: () => void): void {
  if (!body) return void request.end();
  let sent = 0;
  const next = (): void => {
    moved();
    while (body.length - sent > PIECE_BYTES) {
      const isTaken = request.write(body.subarray(sent, (sent += PIECE_BYTES)));
      if (!isTaken) return void request.once("drain", next);
    }
    request.end(body.subarray(sent));
  };
  next();
}
