import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { HttpClient } from "../../../functions/tencent/http";

const IDLE_MS = 1500;
const BODY = Buffer.alloc(32 * 1024 * 1024);

let server: Server;
let client: HttpClient;
afterEach(async () => {
  client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Sends a large body to a server that takes it as `take` does. */
async function upload(take: (request: IncomingMessage) => Promise<number>): Promise<number | undefined> {
  server = createServer((request, response) => {
    void take(request).then((bytes) => response.writeHead(bytes === BODY.length ? 200 : 400).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = new HttpClient(IDLE_MS);
  const { port } = server.address() as AddressInfo;
  const { statusCode } = await client.send({
    what: "PUT it",
    method: "PUT",
    endpoint: { protocol: "http:", hostname: "127.0.0.1", port, host: "localhost" },
    path: "/",
    headers: { "content-length": String(BODY.length) },
    body: BODY,
  });
  return statusCode;
}

describe("a large body", () => {
  it("may take longer than the time limit as long as it moves", async () => {
    const startedAt = Date.now();
    const status = await upload(async (request) => {
      let [bytes, next] = [0, 0];
      for await (const chunk of request as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes < next) continue;
        next += BODY.length / 16;
        await wait(IDLE_MS / 10);
      }
      return bytes;
    });
    expect(status).toBe(200);
    expect(Date.now() - startedAt).toBeGreaterThan(IDLE_MS * 1.2);
  });

  it("that nobody takes is given up", async () => {
    await expect(upload(() => new Promise(() => undefined))).rejects.toMatchObject({
      code: "ETIMEDOUT",
      transient: true,
    });
  });
});
