import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiClient } from "../../../functions/tencent/api-client";
import { apiEndpoint } from "../../../functions/tencent/endpoint";
import { signTc3 } from "../../../functions/tencent/tc3";

const CREDENTIALS = { secretId: "AKIDexample", secretKey: "secret", sessionToken: "token" };

let server: Server;
let client: ApiClient;
let seen: { headers: IncomingMessage["headers"]; body: string } | undefined;
let answer: { statusCode?: number; body: string };
const before = process.env.SCF_ENDPOINT;

beforeEach(async () => {
  seen = undefined;
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen = { headers: request.headers, body };
      response.writeHead(answer.statusCode ?? 200).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.SCF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new ApiClient({
    product: { name: "scf", version: "2018-04-16" },
    region: "ap-guangzhou",
    credentials: () => CREDENTIALS,
    timeoutMs: 500,
  });
});
afterEach(async () => {
  client.close();
  if (before === undefined) delete process.env.SCF_ENDPOINT;
  else process.env.SCF_ENDPOINT = before;
  await new Promise((resolve) => server.close(resolve));
});

describe("a call of API 3.0", () => {
  it("carries action, version, region, token and a signature over what it sends, to the real host", async () => {
    answer = { body: '{"Response":{"Result":{"RetMsg":"1"},"RequestId":"r"}}' };
    expect(await client.call("Invoke", { FunctionName: "中" })).toEqual({ Result: { RetMsg: "1" }, RequestId: "r" });
    const { headers, body } = seen as NonNullable<typeof seen>;
    expect(JSON.parse(body)).toEqual({ FunctionName: "中" });
    expect(headers).toMatchObject({
      host: "scf.tencentcloudapi.com",
      "x-tc-action": "Invoke",
      "x-tc-version": "2018-04-16",
      "x-tc-region": "ap-guangzhou",
      "x-tc-token": "token",
    });
    const signed = {
      "content-type": "application/json; charset=utf-8",
      host: headers.host ?? "",
      "x-tc-action": "Invoke",
    };
    const seconds = Number(headers["x-tc-timestamp"]);
    expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(5);
    expect(headers.authorization).toBe(signTc3({ product: "scf", headers: signed, body }, CREDENTIALS, seconds));
  });

  it.each<[string, boolean]>([
    ["ResourceNotFound.Function", false],
    ["AuthFailure.SignatureExpire", false],
    ["InternalError", true],
    ["InternalError.System", true],
    ["RequestLimitExceeded", true],
  ])("fails with the code %s, which may pass: %s", async (code, transient) => {
    answer = { body: JSON.stringify({ Response: { Error: { Code: code, Message: "told" }, RequestId: "r" } }) };
    await expect(client.call("Invoke", {})).rejects.toMatchObject({
      name: "ApiError",
      code,
      transient,
      requestId: "r",
      message: `scf:Invoke failed with ${code}: told`,
    });
  });

  it("fails clearly where the answer is none of the API's", async () => {
    answer = { statusCode: 502, body: "<html>bad gateway</html>" };
    await expect(client.call("Invoke", {})).rejects.toMatchObject({ code: "HTTP_502", transient: true });
    for (const body of ["<html>", "null", "{}", '{"Response":1}', ""]) {
      answer = { body };
      await expect(client.call("Invoke", {})).rejects.toMatchObject({ code: "BadAnswer" });
    }
  });

  it("tells no key that a message repeats", async () => {
    const Message = "Credential=AKIDexample/2026-01-01/scf/tc3_request, Signature=5e2f is wrong for AKIDexample";
    answer = { body: JSON.stringify({ Response: { Error: { Code: "AuthFailure", Message }, RequestId: "r" } }) };
    const error: unknown = await client.call("Invoke", {}).catch((reason: unknown) => reason);
    expect((error as Error).message).toBe(
      "scf:Invoke failed with AuthFailure: Credential=***, Signature=*** is wrong for AKID***",
    );
  });
});

describe("the endpoint of a product", () => {
  it("is its own host over TLS, unless a variable names another address", () => {
    const host = "scf.tencentcloudapi.com";
    expect(apiEndpoint("scf", {})).toEqual({ protocol: "https:", hostname: host, port: 443, host });
    expect(apiEndpoint("scf", { SCF_ENDPOINT: "http://127.0.0.1:9" })).toMatchObject({
      hostname: "127.0.0.1",
      port: 9,
      host,
    });
    expect(() => apiEndpoint("scf", { SCF_ENDPOINT: "x" })).toThrow(
      'SCF_ENDPOINT must be http://host:port or https://host:port, got "x"',
    );
  });
});
