import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** A request as a service sees it. */
export interface ServiceRequest {
  readonly method: string;
  /** Requested host, without a port. */
  readonly host: string;
  /** Path as sent, percent-encoded. */
  readonly path: string;
  /** Decoded parameters in order. */
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Buffer>;
  readonly sourceIp: string;
  readonly requestId: string;
}

/** The header of that name, in lower case; the first if it was sent several times. */
export function headerOf(request: ServiceRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A service of the cloud, selected by the requested host. */
export interface Service {
  accepts(host: string): boolean;
  handle(request: ServiceRequest, response: ServerResponse): Promise<void>;
}

/**
 * The single server of the local cloud, on loopback. Clients send the real `Host` header and are directed here by
 * `COS_ENDPOINT` and the like, or send the whole URL as to a proxy.
 */
export class LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  url = "";
  private readonly server: Server;

  private constructor(private readonly services: readonly Service[]) {
    this.server = createServer((message, response) => void this.dispatch(message, response));
    // Longer than functions are idle here, so that pooled connections are not closed while a client sends a request.
    this.server.keepAliveTimeout = 60_000;
    // Some clients, such as Tencent's SDK for Node, request a tunnel from their proxy even for plain HTTP.
    this.server.on("connect", (message, socket) => this.tunnel(message.url ?? "", socket));
  }

  static async start(services: readonly Service[]): Promise<LoopbackServer> {
    const server = new LoopbackServer(services);
    await new Promise<void>((resolve, reject) => {
      server.server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    server.url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    return server;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  /** A tunnel ends here: its requests are answered like all others. */
  private tunnel(target: string, socket: Duplex): void {
    socket.on("error", () => socket.destroy());
    if (!target.endsWith(":443")) {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      this.server.emit("connection", socket);
      return;
    }
    const message = `The local cloud speaks HTTP and no TLS: tell the client to use http:// for ${target}\n`;
    const head = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${message.length}\r\nConnection: close`;
    socket.end(`HTTP/1.1 502 ${message.trimEnd()}\r\n${head}\r\n\r\n${message}`);
  }

  private async dispatch(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = readRequest(message);
      const service = this.services.find((candidate) => candidate.accepts(request.host));
      if (!service) return refuse(response, 421, `Host must be one that the local cloud serves, got ${request.host}`);
      await service.handle(request, response);
    } catch (error) {
      // A client that disconnects early is not an error; anything else is a bug in the local cloud.
      if (response.destroyed) return;
      if (response.headersSent) response.destroy();
      else refuse(response, 500, `the local cloud failed: ${(error as Error).message}`);
    }
  }
}

function readRequest(message: IncomingMessage): ServiceRequest {
  const target = message.url ?? "/";
  // A client that uses this server as its proxy sends the whole URL.
  const absolute = /^https?:\/\/([^/?]*)(.*)$/.exec(target);
  const host = absolute?.[1] ?? message.headers.host ?? "";
  const pathAndQuery = absolute ? absolute[2] || "/" : target;
  const mark = pathAndQuery.indexOf("?");
  return {
    method: message.method ?? "GET",
    host: host.replace(/:\d+$/, "").toLowerCase(),
    path: mark < 0 ? pathAndQuery : pathAndQuery.slice(0, mark),
    query: mark < 0 ? [] : readQuery(pathAndQuery.slice(mark + 1)),
    headers: message.headers,
    body: message,
    sourceIp: message.socket.remoteAddress ?? "127.0.0.1",
    requestId: randomBytes(12).toString("hex"),
  };
}

function readQuery(query: string): [string, string][] {
  const fields = query.split("&").filter((field) => field !== "");
  return fields.map((field) => {
    const at = field.indexOf("=");
    return at < 0 ? [decode(field), ""] : [decode(field.slice(0, at)), decode(field.slice(at + 1))];
  });
}

/** An invalid percent sign is literal; the signature shows whether the client meant it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${message}\n`);
}
