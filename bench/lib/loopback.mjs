/**
 * COS with one file, CLS, a search cluster and a collector on loopback, in a separate process, so that their time does
 * not count for the function: `node loopback.mjs FILE` prints its port. It discards what is written, and returns the
 * sizes at `/sizes`.
 */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { createGunzip } from "node:zlib";

const [path] = process.argv.slice(2);
const { size } = statSync(path);
const sizes = { requests: 0, bytes: 0 };

const server = createServer((request, response) => {
  const headers = { etag: '"1"', "x-cos-request-id": "1", "x-cls-requestid": "1" };
  if (request.url === "/sizes") return void response.end(JSON.stringify(sizes));
  if (request.method === "GET") {
    response.writeHead(200, { ...headers, "content-length": size });
    return void createReadStream(path, { highWaterMark: 1024 * 1024 }).pipe(response);
  }
  const isNote = request.url.startsWith("/quarantine/");
  if (!isNote) sizes.requests++;
  request.on("data", (chunk) => (sizes.bytes += isNote ? 0 : chunk.length));
  if (request.url.includes("_bulk")) return void takeBulk(request, response);
  if (request.url === "/v1/logs") headers["content-type"] = request.headers["content-type"];
  request.on("end", () => response.writeHead(request.method === "DELETE" ? 204 : 200, headers).end());
});

/** Every second line is a document; all are accepted. */
async function takeBulk(request, response) {
  let lines = 0;
  for await (const chunk of request.pipe(createGunzip())) for (const byte of chunk) if (byte === 0x0a) lines++;
  const items = Array.from({ length: lines / 2 }, () => ({ create: { status: 201 } }));
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ items }));
}

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
