import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import COS from "cos-nodejs-sdk-v5";

/** What goes wrong with one request. */
export type Fault =
  /** The connection breaks when `bytes` of the body are sent: at once (`rst`), or as if it had ended (`fin`). */
  | { readonly type: "reset"; readonly afterBytes: number; readonly how?: "rst" | "fin" }
  /** The answer is an error document. */
  | { readonly type: "status"; readonly statusCode: number; readonly code: string }
  /** Nothing more comes after `bytes` of the body. */
  | { readonly type: "stall"; readonly afterBytes: number }
  /** The body comes in pieces of `bytes`, `ms` apart. */
  | { readonly type: "slow"; readonly bytes: number; readonly ms: number }
  /** The whole object is sent where a range was asked for. */
  | { readonly type: "ignoreRange" };

/** A request as a test looks at it. */
export interface SeenRequest {
  readonly method: string;
  /** `bucket/key`, decoded. */
  readonly object: string;
  readonly range?: string;
  readonly ifMatch?: string;
  readonly versionId?: string;
  readonly host: string;
}

export const CREDENTIALS = {
  secretId: "AKIDlocaltestsecretid0001",
  secretKey: "localtestsecretkey0002",
  sessionToken: "localtestsessiontoken0003",
};

/** The variables that send a {@link CosServer}'s client to it, with keys that it accepts. */
export function environmentOf(server: CosServer): Record<string, string> {
  return {
    COS_ENDPOINT: server.url,
    TENCENTCLOUD_SECRETID: CREDENTIALS.secretId,
    TENCENTCLOUD_SECRETKEY: CREDENTIALS.secretKey,
    TENCENTCLOUD_SESSIONTOKEN: CREDENTIALS.sessionToken,
  };
}

/**
 * COS on 127.0.0.1, as far as a function sees it: GET with `Range` and `If-Match`, PUT and DELETE; bucket and region in
 * the `Host` header; each signature checked with Tencent's own SDK. Faults are a test's to inject.
 */
export class CosServer {
  /** By `bucket/key`. */
  readonly objects = new Map<string, Buffer>();
  readonly requests: SeenRequest[] = [];
  /** Asked for each request that is signed well, with the number of earlier requests to the same object and method. */
  fault: (request: SeenRequest, earlier: number) => Fault | undefined = () => undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<CosServer> {
    const server = createServer();
    const cos = new CosServer(server);
    server.on("request", (request, response) => void cos.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return cos;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sockets that clients hold open. */
  async openConnections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Requests of one method, oldest first. */
  requestsOf(method: string): SeenRequest[] {
    return this.requests.filter((request) => request.method === method);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const seen = see(request);
    const earlier = this.requests.filter(
      (other) => other.method === seen.method && other.object === seen.object,
    ).length;
    this.requests.push(seen);
    response.setHeader("x-cos-request-id", `request-${this.requests.length}`);

    const refusal = refuse(request);
    if (refusal) return sendError(response, 403, refusal);
    const fault = this.fault(seen, earlier);
    if (fault?.type === "status") return sendError(response, fault.statusCode, fault.code);
    if (request.method === "PUT") {
      this.objects.set(seen.object, body);
      response.end();
    } else if (request.method === "DELETE") {
      response.statusCode = this.objects.delete(seen.object) ? 204 : 404;
      response.end();
    } else {
      this.#sendObject(seen, response, fault);
    }
  }

  #sendObject(request: SeenRequest, response: ServerResponse, fault: Fault | undefined): void {
    const object = this.objects.get(request.object);
    if (!object) return sendError(response, 404, "NoSuchKey");
    const eTag = eTagOf(object);
    if (request.ifMatch !== undefined && request.ifMatch !== eTag)
      return sendError(response, 412, "PreconditionFailed");

    const from = fault?.type === "ignoreRange" ? undefined : /^bytes=(\d+)-$/.exec(request.range ?? "")?.[1];
    const start = Number(from ?? 0);
    if (from !== undefined && start >= object.length) return sendError(response, 416, "InvalidRange");
    const body = object.subarray(start);
    if (from !== undefined) response.setHeader("content-range", `bytes ${start}-${object.length - 1}/${object.length}`);
    response.writeHead(from === undefined ? 200 : 206, { etag: eTag, "content-length": body.length });
    sendBody(response, body, fault);
  }
}

/** ETag of an object, quoted as COS sends it. */
export function eTagOf(object: Buffer): string {
  return `"${createHash("md5").update(object).digest("hex")}"`;
}

function sendBody(response: ServerResponse, body: Buffer, fault: Fault | undefined): void {
  switch (fault?.type) {
    case "reset": {
      const socket = response.socket;
      const cut = () => (fault.how === "fin" ? socket?.end() : socket?.resetAndDestroy());
      response.flushHeaders();
      // A reset discards what the other side has not read yet; give it a moment, so that the byte is the one meant.
      const wait = () => (fault.how === "fin" ? cut() : setTimeout(cut, 20));
      response.write(body.subarray(0, Math.max(1, fault.afterBytes)), wait);
      return;
    }
    case "stall":
      response.flushHeaders();
      if (fault.afterBytes > 0) response.write(body.subarray(0, fault.afterBytes));
      return;
    case "slow":
      return sendSlowly(response, body, fault.bytes, fault.ms);
    default:
      response.end(body);
  }
}

function sendSlowly(response: ServerResponse, body: Buffer, bytes: number, ms: number): void {
  if (body.length <= bytes) return void response.end(body);
  response.write(body.subarray(0, bytes));
  setTimeout(() => sendSlowly(response, body.subarray(bytes), bytes, ms), ms);
}

function sendError(response: ServerResponse, statusCode: number, code: string): void {
  response.writeHead(statusCode, { "content-type": "application/xml" });
  response.end(
    `<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>${code}</Code>\n\t<Message>told &amp; refused</Message>\n` +
      `\t<StringToSign>${CREDENTIALS.secretId}</StringToSign>\n\t<RequestId>in-body</RequestId>\n</Error>\n`,
  );
}

function see(request: IncomingMessage): SeenRequest {
  const host = request.headers.host ?? "";
  const { key, query } = target(request);
  return {
    method: request.method ?? "",
    object: `${host.split(".")[0]}/${key}`,
    range: request.headers.range,
    ifMatch: request.headers["if-match"],
    versionId: query.versionId,
    host,
  };
}

function target(request: IncomingMessage): { key: string; query: Record<string, string> } {
  const [path, search] = (request.url ?? "").split("?");
  return { key: decodeURIComponent(path.slice(1)), query: Object.fromEntries(new URLSearchParams(search)) };
}

/** Code of the refusal of a request that is not signed as Tencent's SDK would sign it, or not signed whole. */
function refuse(request: IncomingMessage): string | undefined {
  const { headers, method = "" } = request;
  const given = Object.fromEntries(new URLSearchParams(headers.authorization?.replace(/\+/g, "%2B")));
  if (given["q-ak"] !== CREDENTIALS.secretId) return "InvalidAccessKeyId";
  if (headers["x-cos-security-token"] !== CREDENTIALS.sessionToken) return "InvalidSecurityToken";
  const [start, end] = given["q-sign-time"].split(";").map(Number);
  const now = Date.now() / 1000;
  if (now < start || now > end) return "RequestTimeTooSkewed";

  const signed = given["q-header-list"].split(";");
  const needed = ["host", "range", "if-match", "content-length", "x-cos-security-token"];
  if (needed.some((name) => headers[name] !== undefined && !signed.includes(name))) return "SignatureDoesNotMatch";
  const { key, query } = target(request);
  const expected = COS.getAuthorization({
    SecretId: CREDENTIALS.secretId,
    SecretKey: CREDENTIALS.secretKey,
    Method: method as "GET",
    Pathname: `/${key}`,
    Query: query,
    Headers: Object.fromEntries(signed.map((name) => [name, headers[name]])),
    KeyTime: given["q-sign-time"],
  } as COS.StaticGetAuthorizationOptions);
  return expected === headers.authorization ? undefined : "SignatureDoesNotMatch";
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
