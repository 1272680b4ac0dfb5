import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import COS from "cos-nodejs-sdk-v5";
import { crc64Of } from "./crc64";
import { errorXml, type Fault, sendBody, sendInstead } from "./faults";

export type { Fault };

/** A request as seen by a test. */
export interface SeenRequest {
  readonly method: string;
  /** `bucket/key`, decoded. */
  readonly object: string;
  readonly range?: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly versionId?: string;
  readonly host: string;
}

export const CREDENTIALS = {
  secretId: "AKIDlocaltestsecretid0001",
  secretKey: "localtestsecretkey0002",
  sessionToken: "localtestsessiontoken0003",
};

/** Environment variables that direct a client to a {@link CosServer}, with keys that it accepts. */
export function environmentOf(server: CosServer): Record<string, string> {
  return {
    COS_ENDPOINT: server.url,
    TENCENTCLOUD_SECRETID: CREDENTIALS.secretId,
    TENCENTCLOUD_SECRETKEY: CREDENTIALS.secretKey,
    TENCENTCLOUD_SESSIONTOKEN: CREDENTIALS.sessionToken,
  };
}

/**
 * The parts of COS that a function uses, on 127.0.0.1: GET with `Range`, `If-Match` and `If-None-Match`, PUT and
 * DELETE; bucket and region in the `Host` header; each signature checked with Tencent's own SDK. Tests can inject
 * faults.
 */
export class CosServer {
  /** By `bucket/key`. */
  readonly objects = new Map<string, Buffer>();
  readonly requests: SeenRequest[] = [];
  /** Called for each correctly signed request, with the number of earlier requests with the same object and method. */
  fault: (request: SeenRequest, earlier: number) => Fault | undefined = () => undefined;
  readonly #server: Server;
  readonly #counts = new Map<string, number>();
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<CosServer> {
    const server = createServer();
    const cos = new CosServer(server);
    server.on("connection", (socket: Socket) => {
      cos.#sockets.add(socket);
      socket.once("close", () => cos.#sockets.delete(socket));
    });
    server.on("request", (request, response) => void cos.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return cos;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Number of sockets that clients keep open. */
  async openConnections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  /** Bytes that the open connections have sent, including headers. */
  bytesSent(): number {
    return [...this.#sockets].reduce((sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength, 0);
  }

  /** Resets every connection, whatever is in progress on it. */
  resetConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
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
    const name = `${seen.method} ${seen.object}`;
    const earlier = this.#counts.get(name) ?? 0;
    this.#counts.set(name, earlier + 1);
    this.requests.push(seen);
    response.setHeader("x-cos-request-id", `request-${this.requests.length}`);

    const refusal = refuse(request);
    if (refusal) return sendError(response, 403, refusal);
    const fault = this.fault(seen, earlier) ?? NO_FAULT;
    if (sendInstead(response, fault, CREDENTIALS.secretId)) return;
    if (request.method === "PUT" && request.headers["x-cos-forbid-overwrite"] && this.objects.has(seen.object)) {
      sendError(response, 409, "FileAlreadyExists");
    } else if (request.method === "PUT") {
      this.objects.set(seen.object, body);
      response.end();
    } else if (request.method === "DELETE") {
      response.statusCode = this.objects.delete(seen.object) ? 204 : 404;
      response.end();
    } else {
      this.#sendObject(seen, response, fault);
    }
  }

  #sendObject(request: SeenRequest, response: ServerResponse, fault: Fault): void {
    const object = this.objects.get(request.object);
    if (!object) return sendError(response, 404, "NoSuchKey");
    const eTag = eTagOf(object);
    const honest = fault.eTag === undefined && fault.type !== "otherTotal";
    if (honest && request.ifMatch !== undefined && request.ifMatch !== eTag)
      return sendError(response, 412, "PreconditionFailed");
    if (request.ifNoneMatch === eTag) return void response.writeHead(304, { etag: eTag }).end();

    const from = fault.type === "ignoreRange" ? undefined : /^bytes=(\d+)-$/.exec(request.range ?? "")?.[1];
    const start = Number(from ?? 0) + (fault.type === "shiftRange" ? fault.by : 0);
    if (from !== undefined && start >= object.length) return sendError(response, 416, "InvalidRange");
    const end = fault.type === "shortRange" && from !== undefined ? start + fault.bytes : object.length;
    const body = object.subarray(start, end);
    const total = object.length + (fault.type === "otherTotal" ? fault.by : 0);
    if (from !== undefined) {
      response.setHeader("content-range", `bytes ${start}-${start + body.length - 1}/${total}`);
      response.statusCode = 206;
    }
    const crc64 = checksumOf(object);
    if (crc64 !== undefined) response.setHeader("x-cos-hash-crc64ecma", crc64);
    if (fault.eTag !== null) response.setHeader("etag", fault.eTag ?? eTag);
    response.setHeader("content-length", body.length);
    sendBody(response, body, fault);
  }
}

const NO_FAULT: Fault = { type: "none" };

const eTags = new WeakMap<Buffer, string>();

/** ETag of an object, quoted as COS sends it. */
export function eTagOf(object: Buffer): string {
  const known = eTags.get(object) ?? `"${createHash("md5").update(object).digest("hex")}"`;
  eTags.set(object, known);
  return known;
}

const checksums = new WeakMap<Buffer, string>();

/**
 * Size above which an object has no checksum, like objects stored before COS had checksums: our implementation is slow.
 */
const CHECKSUM_BYTES = 256 * 1024;

function checksumOf(object: Buffer): string | undefined {
  if (object.length > CHECKSUM_BYTES) return undefined;
  const known = checksums.get(object) ?? crc64Of(object);
  checksums.set(object, known);
  return known;
}

function sendError(response: ServerResponse, statusCode: number, code: string): void {
  response.writeHead(statusCode, { "content-type": "application/xml" });
  response.end(errorXml(code, "told &amp; refused", CREDENTIALS.secretId));
}

function see(request: IncomingMessage): SeenRequest {
  const host = request.headers.host ?? "";
  const { key, query } = target(request);
  return {
    method: request.method ?? "",
    object: `${host.split(".")[0]}/${key}`,
    range: request.headers.range,
    ifMatch: request.headers["if-match"],
    ifNoneMatch: request.headers["if-none-match"],
    versionId: query.versionId,
    host,
  };
}

function target(request: IncomingMessage): { key: string; query: Record<string, string> } {
  const [path, search] = (request.url ?? "").split("?");
  return { key: decodeURIComponent(path.slice(1)), query: Object.fromEntries(new URLSearchParams(search)) };
}

/** Error code for a request that is not signed as Tencent's SDK would sign it, or not completely. */
function refuse(request: IncomingMessage): string | undefined {
  const { headers, method = "" } = request;
  const given = Object.fromEntries(new URLSearchParams(headers.authorization?.replace(/\+/g, "%2B")));
  if (given["q-ak"] !== CREDENTIALS.secretId) return "InvalidAccessKeyId";
  if (headers["x-cos-security-token"] !== CREDENTIALS.sessionToken) return "InvalidSecurityToken";
  const [start, end] = given["q-sign-time"].split(";").map(Number);
  const now = Date.now() / 1000;
  if (now < start || now > end) return "RequestTimeTooSkewed";

  const signed = given["q-header-list"].split(";");
  const needed = ["host", "range", "if-match", "if-none-match", "content-length", "x-cos-security-token"];
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
