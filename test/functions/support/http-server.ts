import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as seen by a test. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The server's answer; undefined resets the connection. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly afterMs?: number;
  /** Nothing more is sent after the body, and the connection stays open. */
  readonly stalls?: boolean;
}

/** A server on 127.0.0.1 that records requests and answers as the test specifies. */
export class TestServer {
  readonly requests: Received[] = [];
  answer: (request: Received, index: number) => Answer | undefined = () => ({});
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<TestServer> {
    const server = createServer();
    const test = new TestServer(server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        const received = { method, url, headers, body: Buffer.concat(chunks) };
        test.requests.push(received);
        const answer = test.answer(received, test.requests.length - 1);
        if (!answer) return void request.socket.resetAndDestroy();
        setTimeout(() => {
          response.writeHead(answer.status ?? 200, answer.headers);
          if (!answer.stalls) return void response.end(answer.body ?? "");
          response.flushHeaders();
          if (answer.body) response.write(answer.body);
        }, answer.afterMs ?? 0);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return test;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
