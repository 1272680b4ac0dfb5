/**
 * A COS that holds one file, and a CLS, on loopback, in a process of its own, so that its time is not the function's:
 * `node loopback.mjs FILE` prints its port. It takes what is written, forgets it, and tells at `/sizes` how much it was.
 */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";

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
  request.on("end", () => response.writeHead(request.method === "DELETE" ? 204 : 200, headers).end());
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
