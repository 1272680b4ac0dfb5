import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request of the consumer's, and what it was answered. */
export interface Exchange {
  /** `pull_log`, or an action of the API. */
  readonly action: string;
  readonly status: number;
  /** Code and message of an error. */
  readonly refusal?: string;
}

/** The proxy that the consumer goes through: hands everything to the local cloud, and keeps what was answered. */
export class Recorder {
  readonly exchanges: Exchange[] = [];
  readonly #server: Server;

  private constructor(endpoint: string) {
    this.#server = createServer((message, response) => {
      this.#forward(endpoint, message, response).catch((error: Error) => response.destroy(error));
    });
  }

  static async start(endpoint: string): Promise<Recorder> {
    const recorder = new Recorder(endpoint);
    await new Promise<void>((resolve) => recorder.#server.listen(0, "127.0.0.1", resolve));
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The errors that were answered. */
  refusals(): string[] {
    return this.exchanges.flatMap(({ action, refusal }) => (refusal === undefined ? [] : [`${action}: ${refusal}`]));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #forward(endpoint: string, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(message);
    const { hostname, port } = new URL(endpoint);
    // A proxy is asked for a whole URL; the local cloud takes that as well.
    const target = { hostname, port, path: message.url, method: message.method, headers: message.headers };
    const answered = await new Promise<IncomingMessage>((resolve, reject) => {
      request(target, resolve).on("error", reject).end(body);
    });
    const answer = await buffer(answered);
    this.exchanges.push(exchangeOf(message, answered.statusCode ?? 0, answer.toString("utf8")));
    response.writeHead(answered.statusCode ?? 502, answered.headers).end(answer);
  }
}

function exchangeOf({ headers, url = "" }: IncomingMessage, status: number, answer: string): Exchange {
  const action = headers["x-tc-action"]?.toString() ?? new URL(url, "http://cls").pathname.slice(1);
  return { action, status, ...refusalIn(status, answer) };
}

function refusalIn(status: number, answer: string): { refusal?: string } {
  try {
    const { Response, errorcode, errormessage } = JSON.parse(answer) as {
      Response?: { Error?: { Code: string; Message: string } };
      errorcode?: string;
      errormessage?: string;
    };
    if (Response?.Error) return { refusal: `${Response.Error.Code}: ${Response.Error.Message}` };
    if (errorcode !== undefined) return { refusal: `${errorcode}: ${errormessage}` };
  } catch {
    // What is packed is no error, unless its status says so.
  }
  return status === 200 ? {} : { refusal: `HTTP ${status}` };
}
