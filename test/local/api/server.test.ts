import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, start } from "../support/cloud";

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await start();
});
afterAll(closeClouds);

test("an answer carries the request's id, an error too", async () => {
  const answer = await call(cloud, "sts:GetCallerIdentity");
  expect(answer).toMatchObject({ AccountId: cloud.account.uin, Type: "RootAccount" });
  expect(answer.RequestId).toMatch(/^[0-9a-f]{24}$/);
  expect((await call(cloud, "sts:Gone")).RequestId).toMatch(/^[0-9a-f]{24}$/);
});

test("both the real host and the one for Terraform's provider lead to it", async () => {
  for (const host of ["sts.tencentcloudapi.com", "sts.ap-guangzhou.tencentcloudapi.com", "sts.tencent.invalid"]) {
    expect(await call(cloud, "sts:GetCallerIdentity", {}, { host })).toMatchObject({ AccountId: cloud.account.uin });
  }
});

describe("what it does not have is an error that names it", () => {
  test.each([
    ["an action", "cls:CreateMachineGroup", {}, "InvalidAction", "no action cls:CreateMachineGroup"],
    ["an action that is a property of objects", "cls:constructor", {}, "InvalidAction", "cls:constructor"],
    ["a product", "cdn:Purge", {}, "InvalidAction", "no product cdn"],
    ["parameters of CLS that are no object", "cls:DescribeTopics", null, "InvalidParameter", "an object"],
    ["a field", "cls:CreateLogset", { LogsetName: "a", Colour: 1 }, "UnknownParameter", "`Colour`"],
    [
      "a field of an object",
      "cls:CreateIndex",
      { TopicId: "x", Rule: { Fast: true } },
      "UnknownParameter",
      "`Rule.Fast`",
    ],
  ])("%s", async (_what, name, parameters, code, message) => {
    const answer = await call(cloud, name, parameters);
    expect(answer.Error?.Code).toBe(code);
    expect(answer.Error?.Message).toContain(message);
  });
});

describe("fields are checked", () => {
  test.each([
    ["a missing one", {}, "MissingParameter", "`LogsetName`"],
    ["null, which is as good as missing", { LogsetName: null }, "MissingParameter", "`LogsetName`"],
    ["another type", { LogsetName: 7 }, "InvalidParameter", "`LogsetName` must be a string, got 7"],
    ["another form", { LogsetName: "a|b" }, "InvalidParameterValue", 'got "a|b"'],
  ])("%s", async (_what, parameters, code, message) => {
    const answer = await call(cloud, "cls:CreateLogset", parameters);
    expect(answer.Error?.Code).toBe(code);
    expect(answer.Error?.Message).toContain(message);
  });

  test("a request that is no object", async () => {
    const { Error } = await call(cloud, "tag:ModifyResourceTags", [] as object);
    expect(Error?.Message).toContain("must be an object");
  });
});

describe("signatures are checked", () => {
  test.each([
    ["a wrong secret", { key: { secretId: "", secretKey: "wrong" } }, "AuthFailure.SignatureFailure"],
    ["an unknown key", { key: { secretId: "AKIDGONE", secretKey: "x" } }, "AuthFailure.SecretIdNotFound"],
    ["a body that was changed on the way", { body: "{}\n" }, "AuthFailure.SignatureFailure"],
    ["an old request", { time: Math.floor(Date.now() / 1000) - 400 }, "AuthFailure.SignatureExpire"],
    ["a request from the future", { time: Math.floor(Date.now() / 1000) + 400 }, "AuthFailure.SignatureExpire"],
    ["another product's host", { host: "cls.tencent.invalid" }, "AuthFailure.SignatureFailure"],
    ["another version", { version: "2017-03-12" }, "NoSuchVersion"],
  ])("%s", async (_what, options, code) => {
    const key =
      "key" in options ? { ...options.key, secretId: options.key.secretId || cloud.cam.ownerKey.secretId } : undefined;
    expect(await codeOf(call(cloud, "sts:GetCallerIdentity", {}, { ...options, key }))).toBe(code);
  });

  test("a role needs its token, and the action on all resources", async () => {
    const document = (body: object): string =>
      JSON.stringify({ version: "2.0", statement: [{ effect: "allow", ...body }] });
    const trust = document({ action: ["name/sts:AssumeRole"], principal: { service: ["scf.qcloud.com"] } });
    const role = cloud.cam.createRole("reader", trust);
    const key = cloud.cam.assumeRole(role);
    const as = (options: object) => codeOf(call(cloud, "cls:DescribeLogsets", {}, { key, ...options }));
    expect(await as({ key: { ...key, sessionToken: "other" } })).toBe("AuthFailure.TokenFailure");
    expect(await as({})).toBe("AuthFailure.UnauthorizedOperation");
    cloud.cam.attachPolicy(
      role.id,
      cloud.cam.createPolicy("read", document({ action: ["cls:Describe*"], resource: ["*"] })),
    );
    expect(await as({})).toBe("");
  });
});
