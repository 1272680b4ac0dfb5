import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listen } from "../../functions/support/listen";

/** The fault of an answer, and whether the service processed the request anyway. */
export type ProxyFault =
  /** The connection breaks, before the request is read or after it was processed. */
  | { readonly type: "reset"; readonly isDone: boolean }
  /** An answer that differs from the service's. */
  | {
      readonly type: "answer";
      readonly isDone: boolean;
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Nothing is sent, or nothing after the headers and a byte of the body. */
  | { readonly type: "stall"; readonly isDone: boolean; readonly of: "status" | "body" }
  /** The answer is truncated. */
  | { readonly type: "half"; readonly isDone: boolean };

/** Observed properties of a request. */
export interface ProxyRequest {
  readonly method: string;
  /** `Host` and path as sent. */
  readonly host: string;
  readonly path: string;
}

/**
 * A proxy in front of an HTTP service that injects faults into its answers. The service gets requests unchanged,
 * including `Host`.
 */
export class FaultProxy {
  /** Called for each request. */
  fault: (request: ProxyRequest) => ProxyFault | undefined = () => undefined;
  /** Number of answers with faults. */
  spoilt = 0;
  readonly #target: URL;
  #server: Server | undefined;
  #port = 0;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Accepts connections; after {@link stop}, at the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    this.#server = server;
    await listen(server, this.#port);
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Refuses connections. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on("error", () => undefined);
    const { method = "", url = "", headers } = request;
    const fault = this.fault({ method, host: headers.host ?? "", path: url });
    if (!fault)
      return this.#forward(request, (answer, body) =>
        response.writeHead(answer.statusCode ?? 0, answer.headers).end(body),
      );
    this.spoilt++;
    if (fault.isDone) await this.#forward(request, () => spoil(response, fault));
    else if (fault.type === "reset") spoil(response, fault);
    else request.on("end", () => spoil(response, fault)).resume();
  }

  #forward(request: IncomingMessage, then: (answer: IncomingMessage, body: Buffer) => void): Promise<void> {
    const { method, url, headers } = request;
    return new Promise((resolve) => {
      const { hostname, port } = this.#target;
      const sent = send({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          then(answer, Buffer.concat(chunks));
          resolve();
        });
      });
      sent.on("error", () => {
        request.socket.destroy();
        resolve();
      });
      request.pipe(sent);
    });
  }
}

function spoil(response: ServerResponse, fault: ProxyFault): void {
  switch (fault.type) {
    case "reset":
      return void response.socket?.resetAndDestroy();
    case "answer":
      return void response.writeHead(fault.status, fault.headers).end(fault.body);
    case "stall":
      if (fault.of === "body") response.writeHead(200, { "content-length": 40 }).write("{");
      return;
    case "half":
      response.writeHead(200, { "content-length": 40, connection: "close" });
      return void response.write("{", () => response.socket?.end());
  }
}
