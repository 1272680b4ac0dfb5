import type { ServiceRequest } from "./server";

/** The whole body of a request, or `undefined` if it is longer than allowed. */
export async function readBody(request: ServiceRequest, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
