import { createHash, createHmac } from "node:crypto";
import type { AccessKey } from "../../../local/account";
import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, deploy } from "../support/cloud";
import type { Block, Resources } from "../support/plan";

afterEach(closeClouds);

const ECHO = `exports.main_handler = async (event) => event;`;

const urlOf = (description: object, more: Block = {}): Resources => ({
  tencentcloud_scf_trigger: {
    Url: {
      function_name: "\${tencentcloud_scf_function.Function.name}",
      namespace: "default",
      type: "http",
      trigger_desc: JSON.stringify(description),
      enable: "OPEN",
      qualifier: "$DEFAULT",
      ...more,
    },
  },
});

const OPEN = { AuthType: "NONE", NetConfig: { EnableExtranet: true, EnableIntranet: false } };
const SIGNED = { ...OPEN, AuthType: "CAM" };

async function served(code: string, description: object = OPEN): Promise<{ cloud: LocalCloud; url: string }> {
  const cloud = await deploy({ code, resources: urlOf(description) });
  return { cloud, url: cloud.functionUrls.batch ?? "" };
}

describe("a function's URL", () => {
  test("hands the request to the function as its event, and answers with what it returns", async () => {
    const { cloud, url } = await served(ECHO);
    const answer = await fetch(`${url}/orders/7?a=1&b=%E7%81%AF`, { method: "POST", body: '{"x":1}' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toMatchObject({
      body: '{"x":1}',
      headers: { host: new URL(url).host, "content-length": "7" },
      httpMethod: "POST",
      path: "/orders/7",
      queryString: { a: "1", b: "灯" },
    });
    expect(cloud.invocations).toMatchObject([{ source: "POST /orders/7", attempt: 1 }]);
    expect(await (await fetch(url)).json()).toMatchObject({ httpMethod: "GET", path: "/", queryString: {} });
  });

  test.each([
    ["status, headers and body", `{ statusCode: 201, headers: { "X-A": "1" }, body: "made" }`, 201, "made"],
    ["a body that is bytes", `{ statusCode: 200, body: "aGk=", isBase64Encoded: true }`, 200, "hi"],
    ["a text", `"hello"`, 200, "hello"],
    ["nothing", `undefined`, 200, "null"],
  ])("answers with %s", async (_what, result, status, text) => {
    const { url } = await served(`exports.main_handler = async () => (${result});`);
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([status, text]);
  });

  test("tells an error with SCF's status, and tries nothing again", async () => {
    const { cloud, url } = await served(`exports.main_handler = async () => { throw new TypeError("bad"); };`);
    const answer = await fetch(url);
    expect(answer.status).toBe(430);
    expect(await answer.json()).toMatchObject({ errorCode: 1, statusCode: 430, requestId: expect.any(String) });
    await cloud.settled();
    expect(cloud.invocations).toHaveLength(1);
  });

  test("asks for a signature of a key that may call it, where it was told to", async () => {
    const { cloud, url } = await served(ECHO, SIGNED);
    expect((await fetch(url)).status).toBe(401);
    expect((await signed(url, cloud.cam.ownerKey)).status).toBe(200);
    const role = cloud.cam.role("run");
    const refused = await signed(url, cloud.cam.assumeRole(role));
    expect([refused.status, await refused.text()]).toEqual([
      401,
      expect.stringContaining("scf:InvokeFunctionUrl on qcs::scf:"),
    ]);
    const resource = [`qcs::scf:ap-guangzhou:uin/${cloud.account.uin}:namespace/default/function/batch`];
    const statement = [{ effect: "allow", action: ["scf:InvokeFunctionUrl"], resource }];
    cloud.cam.attachPolicy(role.id, cloud.cam.createPolicy("call", JSON.stringify({ version: "2.0", statement })));
    expect((await signed(url, cloud.cam.assumeRole(role))).status).toBe(200);
  });

  test("is nowhere else", async () => {
    const { cloud, url } = await served(ECHO);
    expect((await fetch(`${url}x`)).status).toBe(404);
    expect((await fetch(`${cloud.endpoint}/`)).status).toBe(404);
  });

  test("is a trigger of SCF's, which names its address and can be changed and taken away", async () => {
    const { cloud, url } = await served(ECHO);
    const named = { FunctionName: "batch", TriggerName: "url-trigger", Type: "http" };
    const list = async () => (await call(cloud, "scf:ListTriggers", { FunctionName: "batch" })).Triggers as Block[];
    const [listed] = await list();
    expect(listed).toMatchObject({ TriggerName: "url-trigger", Type: "http", Enable: 1, Qualifier: "$DEFAULT" });
    expect(JSON.parse(String(listed?.TriggerDesc))).toEqual({
      AuthType: "NONE",
      NetConfig: { EnableExtranet: true, EnableIntranet: false, ExtranetUrl: url },
    });
    await call(cloud, "scf:UpdateTrigger", { ...named, TriggerDesc: JSON.stringify(SIGNED) });
    expect((await fetch(url)).status).toBe(401);
    await call(cloud, "scf:UpdateTrigger", { ...named, TriggerDesc: JSON.stringify(OPEN), Enable: "CLOSE" });
    expect((await fetch(url)).status).toBe(404);
    expect(cloud.inventory()).toContain("URL of batch");
    await call(cloud, "scf:DeleteTrigger", named);
    expect(await list()).toEqual([]);
  });

  test.each<[string, object, string]>([
    ["no authorization", { NetConfig: { EnableExtranet: true } }, "AuthType must be CAM or NONE, got undefined"],
    ["no network", { AuthType: "NONE" }, "NetConfig must enable a network"],
    ["what the local cloud does not serve", { ...OPEN, CorsConfig: { Enable: true } }, "got CorsConfig"],
  ])("is refused for %s", async (_what, description, message) => {
    await expect(served(ECHO, description)).rejects.toThrow(message);
  });

  test("is one for each version", async () => {
    const { cloud } = await served(ECHO);
    const again = {
      FunctionName: "batch",
      TriggerName: "url-trigger",
      Type: "http",
      TriggerDesc: JSON.stringify(OPEN),
    };
    expect(await codeOf(call(cloud, "scf:CreateTrigger", { ...again, Qualifier: "$DEFAULT" }))).toBe(
      "ResourceInUse.Trigger",
    );
  });
});

test("an address in a trigger's attribute can be handed on in the plan", async () => {
  const resources = {
    ...urlOf(OPEN),
    tencentcloud_cls_logset: {
      Logset: { logset_name: "logs" },
      Named: { logset_name: "\${jsondecode(tencentcloud_scf_trigger.Url.trigger_attribute).NetConfig.ExtranetUrl}" },
    },
  };
  const cloud = await deploy({ code: ECHO, resources });
  expect(cloud.cls.allLogsets().map(({ name }) => name)).toContain(cloud.functionUrls.batch);
});

/** A GET with signature v3, as SCF's documents ask for it. */
function signed(url: string, key: AccessKey): Promise<Response> {
  const hmac = (secret: string | Buffer, content: string): Buffer =>
    createHmac("sha256", secret).update(content).digest();
  const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");
  const time = Math.floor(Date.now() / 1000);
  const scope = `${new Date(time * 1000).toISOString().slice(0, 10)}/scf/tc3_request`;
  const canonical = `GET\n/\n\ncontent-type:application/json\nhost:${new URL(url).host}\n\ncontent-type;host\n${sha256("")}`;
  const steps = [...scope.split("/")];
  const signingKey = steps.reduce<string | Buffer>(hmac, `TC3${key.secretKey}`);
  const signature = hmac(signingKey, `TC3-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString("hex");
  return fetch(url, {
    headers: {
      "content-type": "application/json",
      authorization: `TC3-HMAC-SHA256 Credential=${key.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
      "x-tc-timestamp": String(time),
      ...(key.sessionToken === undefined ? {} : { "x-tc-token": key.sessionToken }),
    },
  });
}
