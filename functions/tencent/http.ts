import type * as Http from "node:http";
import type { Answer } from "./acknowledgement";
import { builtin } from "./builtin";
import type { Endpoint } from "./endpoint";
import { connectionError, ServiceError } from "./service-error";

/** A request as it is sent. */
export interface HttpRequest {
  /** The request in words, for errors: `GET cos://bucket/key`. */
  readonly what: string;
  readonly method: string;
  readonly endpoint: Endpoint;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Ends the request; it then fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Milliseconds without a byte, while one is awaited, after which a request has failed. */
const DEFAULT_IDLE_TIMEOUT_MS = 10_000;

/** Longest document that explains a refusal, or acknowledges, in bytes; the rest is left unread. */
const MAX_EXPLANATION_BYTES = 64 * 1024;

/** Milliseconds that such a document may take: what its status says is known, and others wait. */
const MAX_EXPLANATION_MS = 2_000;

/** Bytes of a body that are written at a time; that one was taken shows that the body moves. */
const PIECE_BYTES = 256 * 1024;

type Transport = Pick<typeof Http, "Agent" | "request">;

/**
 * HTTP for the length of one invocation. SCF freezes an instance between invocations, and a socket that is kept over
 * that time may be dead without anyone noticing; so a client has its own connections, and {@link close} ends them all.
 */
export class HttpClient {
  readonly #connections = new Map<string, { transport: Transport; agent: Http.Agent }>();
  readonly #idleTimeoutMs: number;

  constructor(idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS) {
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Sends a request; resolves, whatever the status, when the headers of the answer are there. */
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
      // Not once: a socket may fail again after the answer began, and the body reports that itself.
      request.on("error", (error) => {
        settle();
        reject(signal?.aborted ? signal.reason : connectionError(what, error));
      });
      upload(request, body, () => isSettled || timer.refresh());
    });
  }

  /**
   * The body of an answer. The time limit runs only while a byte is awaited: a trickle that moves is no fault, and nor is
   * a reader that takes its time, because what comes after it does. What bounds both is the signal.
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
   * The answer to a request whose HTTP status is a success, to be read as an acknowledgement, which is short: of a longer
   * one the start.
   *
   * @throws ServiceError where it does not come to its end
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
   * The body of an answer to its end.
   *
   * @throws ServiceError where it is longer, or takes longer as a whole than may pass without a byte
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
   * The document that explains a refusal, as far as it comes: the status says enough where it is cut off, endless, or
   * slow as a whole.
   *
   * @param isEnough whether the start of it says all that is asked
   * @param maxMs milliseconds that it may take
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

  /** Reads a body on without waiting for it, so that its connection can serve again. */
  ignoreBody(response: Http.IncomingMessage): void {
    response.on("error", () => undefined).resume();
  }

  /** Ends every socket, also those of requests under way. */
  close(): void {
    for (const { agent } of this.#connections.values()) agent.destroy();
  }

  /** The first bytes of a body. @param chunks gets them as they come */
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

/** Sends the body and ends the request. @param moved called whenever the connection has taken a piece */
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
