import type { ServerResponse } from "node:http";
import type { Account } from "../account";
import type { Cam } from "../cam/cam";
import { SignatureError } from "../cam/signature";
import { verifyTc3 } from "../cam/tc3";
import { readBody } from "../http/body";
import type { Service, ServiceRequest } from "../http/server";
import type { FunctionUrl, FunctionUrls } from "./function-urls";
import type { Invocation } from "./invocation";
import type { Scf } from "./scf";

/** A URL's own host; the path is passed to the function. */
const HOST = /^(\d+-[a-z0-9]+)\.[a-z0-9-]+(?:\.in)?\.tencentscf\.com$/;
/** The machine's host, where each URL has its own path. */
const LOOPBACK = /^(127\.0\.0\.1|localhost)$/;
const FOLDER = /^\/(\d+-[a-z0-9]+)(\/.*)?$/;

/** Maximum size of a request, and of an answer. Fact: docs/design/facts/runtime.md#quotas. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** An answer of a function with more than text. */
interface HttpAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

/**
 * Function URLs on loopback: a request becomes the function's event, and the return value becomes the answer. Fact:
 * docs/design/facts/runtime.md#function-url.
 */
export class UrlServer implements Service {
  constructor(
    private readonly scf: Scf,
    private readonly cam: Cam,
    private readonly account: Account,
  ) {}

  accepts(host: string): boolean {
    return HOST.test(host) || LOOPBACK.test(host);
  }

  async handle(request: ServiceRequest, response: ServerResponse): Promise<void> {
    const { id, path } = placeOf(request);
    const url = this.urls.find(id);
    if (!url?.spec.enabled)
      return send(response, 404, { errorMessage: `no function's URL is here, got ${request.path}` });
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === undefined)
      return send(response, 413, { errorMessage: `the body must be at most ${MAX_BODY_BYTES} bytes` });
    const refusal = url.spec.auth === "CAM" ? this.refusal(url, request, body) : undefined;
    if (refusal !== undefined) return send(response, 401, { errorMessage: refusal });

    const event = eventOf(request, path, body);
    const source = `${request.method} ${path}`;
    const { ended } = await this.scf.invoke(url.target, { event, wait: true, source });
    if (ended) answer(response, ended);
  }

  private get urls(): FunctionUrls {
    return this.scf.urls;
  }

  /** Why the signature is refused. */
  private refusal({ target }: FunctionUrl, request: ServiceRequest, body: Buffer): string | undefined {
    const { name, namespace, region } = target.spec;
    const resource = `qcs::scf:${region}:uin/${this.account.uin}:namespace/${namespace}/function/${name}`;
    try {
      const secretId = verifyTc3({ ...request, body }, "scf", (id) => this.cam.credential(id)?.key);
      const principal = this.cam.credential(secretId)?.principal;
      const isAllowed = principal !== undefined && this.cam.isAllowed(principal, "scf:InvokeFunctionUrl", resource);
      return isAllowed ? undefined : `the key must be allowed scf:InvokeFunctionUrl on ${resource}`;
    } catch (error) {
      if (error instanceof SignatureError) return error.message;
      throw error;
    }
  }
}

/** The URL of a request, and the path within it. */
function placeOf({ host, path }: ServiceRequest): { id: string; path: string } {
  const own = HOST.exec(host)?.[1];
  if (own !== undefined) return { id: own, path };
  const [, id = "", rest = "/"] = FOLDER.exec(path) ?? [];
  return { id, path: rest };
}

function eventOf(request: ServiceRequest, path: string, body: Buffer): object {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return {
    body: body.toString(),
    headers: Object.fromEntries(headers) as object,
    httpMethod: request.method,
    path,
    queryString: Object.fromEntries(request.query),
  };
}

function answer(response: ServerResponse, { error, requestId, result }: Invocation): void {
  if (error) return send(response, error.statusCode, { ...error, requestId });
  if (!isHttpAnswer(result)) return send(response, 200, result ?? null);
  const { body = "", headers = {}, isBase64Encoded = false, statusCode } = result;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(statusCode, { "Content-Type": "application/json", ...headers });
  response.end(Buffer.from(text, isBase64Encoded ? "base64" : "utf8"));
}

function isHttpAnswer(result: unknown): result is HttpAnswer {
  return typeof (result as HttpAnswer | undefined)?.statusCode === "number";
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json" }).end(text);
}
