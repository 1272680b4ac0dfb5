import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { readBody } from "../http/body";
import { headerOf, type ServiceRequest } from "../http/server";
import { CosError } from "./error";

const MAX_DOCUMENT_BYTES = 1024 * 1024;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The document in a request. Throws {@link CosError} if it is too long, or not what was signed. */
export async function readDocument(request: ServiceRequest): Promise<string> {
  const body = await readBody(request, MAX_DOCUMENT_BYTES);
  if (body === undefined) throw new CosError(400, "MaxMessageLengthExceeded", "The document must have at most 1 MB.");
  const promised = headerOf(request, "x-amz-content-sha256");
  if (/^[0-9a-f]{64}$/.test(promised ?? "") && promised !== createHash("sha256").update(body).digest("hex")) {
    throw new CosError(400, "XAmzContentSHA256Mismatch", "The document must be the one that was signed.");
  }
  return body.toString();
}

/** The texts of all elements of a name, in order. */
export function textsIn(document: string, name: string): string[] {
  const found = document.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"));
  return [...found].map(([, text = ""]) => unescape(text));
}

/** Answers with a document. */
export function sendXml(response: ServerResponse, body: string): void {
  response.writeHead(200, { "Content-Type": "application/xml", "Content-Length": Buffer.byteLength(body) }).end(body);
}

function unescape(text: string): string {
  return text.replace(/&(?:#(x?)([0-9a-f]+)|([a-z]+));/gi, (entity, hex: string, code: string, name: string) => {
    if (code === undefined) return ENTITIES[name] ?? entity;
    return String.fromCodePoint(parseInt(code, hex === "" ? 10 : 16));
  });
}
