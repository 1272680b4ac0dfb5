/**
 * COS and CLS for the measures of the reporter, in a separate process that prints its port. `watched` sets the flag.
 */
import { createServer } from "node:http";

const isWatched = process.argv[2] === "watched";
/** Bytes of uploads on the wire, including HTTP, by socket, because one socket can carry several requests. */
const bytes = new Map();

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    if (request.url === "/bytes") return response.end(String([...bytes.values()].reduce((sum, one) => sum + one, 0)));
    if (request.method !== "POST" && !isWatched) return response.writeHead(404).end();
    if (request.method !== "POST") return response.end(JSON.stringify({ until: Date.now() + 600_000 }));
    bytes.set(request.socket, request.socket.bytesRead);
    response.writeHead(200, { "x-cls-requestid": "1", "content-length": 0 }).end();
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
