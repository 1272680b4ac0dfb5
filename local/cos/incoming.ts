import { createHash } from "node:crypto";
import { headerOf, type ServiceRequest } from "../http/server";
import { CosError } from "./error";

const STORED_HEADER = /^(content-type|content-encoding|content-disposition|cache-control|expires|x-cos-meta-.+)$/;

/** The headers of a request that are stored with its object. */
export function storedHeaders({ headers }: ServiceRequest): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => STORED_HEADER.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, [value].flat()[0] ?? ""]));
}

/** The body; throws at its end if it does not match `Content-MD5`. */
export async function* checked(request: ServiceRequest): AsyncGenerator<Buffer> {
  const digest = createHash("md5");
  for await (const chunk of request.body) {
    digest.update(chunk);
    yield chunk;
  }
  const promised = headerOf(request, "content-md5");
  if (promised !== undefined && promised !== digest.digest("base64")) {
    throw new CosError(400, "BadDigest", "The Content-MD5 you specified did not match what was received.");
  }
}
