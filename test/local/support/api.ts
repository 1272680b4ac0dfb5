import { createHash, createHmac } from "node:crypto";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { LOCAL_DOMAIN, type AccessKey } from "../../../local/account";
import type { LocalCloud } from "../../../local/cloud";
import { REGION } from "./plan";

/** Versions of the products' APIs. */
const VERSIONS: Record<string, string> = {
  cam: "2019-01-16",
  cls: "2020-10-16",
  scf: "2018-04-16",
  sts: "2018-08-13",
  tag: "2018-08-13",
};

/** Deviations of an API call from a correct one. */
export interface CallOptions {
  readonly key?: AccessKey;
  readonly region?: string;
  readonly version?: string;
  /** Seconds since 1970. */
  readonly time?: number;
  /** Host, instead of the product's under the local domain. */
  readonly host?: string;
  /** The sent body, instead of the signed one. */
  readonly body?: string;
}

/** An answer of the API. */
export type Answer = Record<string, unknown> & {
  Error?: { Code: string; Message: string };
  RequestId: string;
};

/**
 * Calls an action such as `cls:CreateTopic` as the provider does: through the local cloud as a proxy, with signature
 * v3.
 */
export async function call(
  cloud: LocalCloud,
  name: string,
  parameters: object | null = {},
  options: CallOptions = {},
): Promise<Answer> {
  const [product = "", action = ""] = name.split(":");
  const { key = cloud.cam.ownerKey, time = Math.floor(Date.now() / 1000), region = REGION } = options;
  const host = options.host ?? `${product}.${LOCAL_DOMAIN}`;
  const body = JSON.stringify(parameters);
  const headers = {
    host,
    "content-type": "application/json",
    authorization: authorization(product, host, body, time, key),
    "x-tc-action": action,
    "x-tc-version": options.version ?? VERSIONS[product] ?? "",
    "x-tc-region": region,
    "x-tc-timestamp": String(time),
    ...(key.sessionToken === undefined ? {} : { "x-tc-token": key.sessionToken }),
  };
  const answer = await send(cloud, host, headers, options.body ?? body);
  expect(answer.status).toBe(200);
  return (JSON.parse(answer.body) as { Response: Answer }).Response;
}

/** The error code of a call's answer; empty on success. */
export async function codeOf(answer: Promise<Answer>): Promise<string> {
  return (await answer).Error?.Code ?? "";
}

function send(
  cloud: LocalCloud,
  host: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(cloud.endpoint);
    const target = { hostname, port, method: "POST", path: `http://${host}/`, headers };
    const sent = request(target, (answer) => {
      text(answer).then((received) => resolve({ status: answer.statusCode ?? 0, body: received }), reject);
    });
    sent.on("error", reject).end(body);
  });
}

/** Signature v3, implemented from its description, independently of the local cloud. */
function authorization(product: string, host: string, body: string, time: number, key: AccessKey): string {
  const hmac = (secret: string | Buffer, content: string): Buffer =>
    createHmac("sha256", secret).update(content).digest();
  const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");
  const date = new Date(time * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${product}/tc3_request`;
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${sha256(body)}`;
  const signingKey = hmac(hmac(hmac(`TC3${key.secretKey}`, date), product), "tc3_request");
  const signature = hmac(signingKey, `TC3-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString("hex");
  return `TC3-HMAC-SHA256 Credential=${key.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`;
}
