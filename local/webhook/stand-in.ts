import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { BulkService, type Taken } from "./bulk";
import { takeLogs } from "./otlp";

/** Each service's answer to an accepted message. Other receivers only use the status. */
const ANSWERS: Readonly<Record<string, string>> = {
  slack: "ok",
  wecom: '{"errcode":0,"errmsg":"ok"}',
  dingtalk: '{"errcode":0,"errmsg":"ok"}',
  feishu: '{"code":0,"msg":"success","data":{}}',
  json: "",
};

/**
 * Replaces the services behind webhooks, search clusters and collectors on loopback: it accepts every request, and
 * answers as the format's service does on success. Close it after use.
 */
export class WebhookStandIn {
  /** @param listener called with each request: the address's name, and the body */
  static async start(listener: (name: string, body: string) => void = () => undefined): Promise<WebhookStandIn> {
    const standIn = new WebhookStandIn(listener);
    await new Promise<void>((resolve) => standIn.server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  private readonly server: Server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = request.url ?? "";
      const name = path.split(/[/?]/)[1];
      const { answer, contentType, taken } = this.take(name, path, request.headers["content-type"] ?? "", body);
      this.bodiesOf(name).push(taken);
      this.listener(name, taken);
      response.writeHead(200, { "content-type": contentType }).end(answer);
    });
  });
  private readonly formats = new Map<string, string>();
  private readonly bulk = new BulkService();
  private readonly bodies = new Map<string, string[]>();

  private constructor(private readonly listener: (name: string, body: string) => void) {}

  /** The address that replaces a service. @param name letters, digits and `_` */
  address(name: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`;
  }

  /** Sets the format of an address: a webhook's format, `elasticsearch` or `otlp`. */
  speak(address: string, format: string): void {
    this.formats.set(nameIn(address), format);
  }

  /** What an address received, one text for each request in order: bodies, or lists of their content. */
  received(address: string): readonly string[] {
    return this.bodiesOf(nameIn(address));
  }

  /** Whether an address belongs to it. */
  has(address: string): boolean {
    return address.startsWith(this.address(""));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private take(name: string, path: string, contentType: string, body: Buffer): Taken {
    const format = this.formats.get(name) ?? "json";
    if (format === "elasticsearch") return this.bulk.take(path, body.toString());
    if (format === "otlp") return takeLogs(contentType, body);
    return { answer: ANSWERS[format], contentType: "application/json", taken: body.toString() };
  }

  private bodiesOf(name: string): string[] {
    const bodies = this.bodies.get(name) ?? [];
    this.bodies.set(name, bodies);
    return bodies;
  }
}

function nameIn(address: string): string {
  return new URL(address).pathname.slice(1);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}
