import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, start } from "../support/cloud";
import { policy, TRUST } from "../support/plan";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await start();
});
afterEach(closeClouds);

const DOCUMENT = policy([{ effect: "allow", action: ["cos:GetObject"], resource: ["*"] }]);

test("a role with a policy: made, listed, changed, taken apart", async () => {
  const { RoleId } = await call(cloud, "cam:CreateRole", { RoleName: "run", PolicyDocument: TRUST, Description: "a" });
  const { PolicyId } = await call(cloud, "cam:CreatePolicy", { PolicyName: "read", PolicyDocument: DOCUMENT });
  expect(typeof PolicyId).toBe("number");
  await call(cloud, "cam:AttachRolePolicy", { AttachRoleId: RoleId, PolicyId });
  await call(cloud, "cam:UpdateRoleDescription", { RoleId, Description: "b" });

  const { List } = await call(cloud, "cam:DescribeRoleList", { Page: 1, Rp: 200 });
  expect(List).toContainEqual(
    expect.objectContaining({ RoleId, RoleName: "run", PolicyDocument: TRUST, Description: "b" }),
  );
  expect(await call(cloud, "cam:ListAttachedRolePolicies", { Page: 1, Rp: 20, RoleName: "run" })).toMatchObject({
    List: [{ PolicyId, PolicyName: "read", PolicyType: "User" }],
  });

  await call(cloud, "cam:DetachRolePolicy", { DetachRoleId: RoleId, PolicyId });
  await call(cloud, "cam:DeletePolicy", { PolicyId: [PolicyId] });
  await call(cloud, "cam:DeleteRole", { RoleId });
  expect(await codeOf(call(cloud, "cam:GetPolicy", { PolicyId }))).toBe("ResourceNotFound.PolicyIdNotFound");
  expect(await codeOf(call(cloud, "cam:GetRole", { RoleId }))).toBe("InvalidParameter.RoleNotExist");
  expect(cloud.inventory()).toEqual([]);
});

test("policies are listed: all, preset ones, one's own, those of a name", async () => {
  await call(cloud, "cam:CreatePolicy", { PolicyName: "read", PolicyDocument: DOCUMENT });
  const listed = async (asked: object) =>
    (
      (await call(cloud, "cam:ListPolicies", { Rp: 200, ...asked })) as unknown as { List: { PolicyName: string }[] }
    ).List.map(({ PolicyName }) => PolicyName);
  expect(await listed({ Scope: "Local" })).toEqual(["read"]);
  expect(await listed({ Scope: "QCS" })).not.toContain("read");
  expect(await listed({})).toEqual([...(await listed({ Scope: "QCS" })), "read"]);
  expect(await listed({ Keyword: "ea" })).toContain("read");
});

test("a policy that is changed allows what it says from then on", async () => {
  const role = cloud.cam.createRole("run", TRUST);
  const { PolicyId } = await call(cloud, "cam:CreatePolicy", { PolicyName: "read", PolicyDocument: DOCUMENT });
  await call(cloud, "cam:AttachRolePolicy", { AttachRoleName: "run", PolicyName: "read" });
  const allowed = (): boolean => cloud.cam.isAllowed({ kind: "role", role }, "cos:GetObject", "qcs::cos:a:b:c/d");
  expect(allowed()).toBe(true);
  await call(cloud, "cam:UpdatePolicy", { PolicyId, PolicyDocument: DOCUMENT.replace("GetObject", "PutObject") });
  expect(allowed()).toBe(false);
});

test("a role that is gone leaves no key behind", async () => {
  const { secretId } = cloud.cam.assumeRole(cloud.cam.createRole("run", TRUST));
  await call(cloud, "cam:DeleteRole", { RoleName: "run" });
  expect(cloud.cam.credential(secretId)).toBeUndefined();
});

test.each<[string, string, object, string]>([
  [
    "a name that is taken",
    "CreateRole",
    { RoleName: "CLS_QcsRole", PolicyDocument: TRUST },
    "InvalidParameter.RoleNameInUse",
  ],
  [
    "a preset policy's name",
    "CreatePolicy",
    { PolicyName: "QcloudCOSFullAccess", PolicyDocument: DOCUMENT },
    "FailedOperation.PolicyNameInUse",
  ],
  [
    "a document that is no policy",
    "CreatePolicy",
    { PolicyName: "p", PolicyDocument: "{}" },
    "InvalidParameter.PolicyDocumentError",
  ],
  ["a name with a space", "CreateRole", { RoleName: "a b", PolicyDocument: TRUST }, "InvalidParameterValue"],
  [
    "a policy that does not exist",
    "AttachRolePolicy",
    { AttachRoleName: "CLS_QcsRole", PolicyId: 1 },
    "ResourceNotFound.PolicyIdNotFound",
  ],
  [
    "a preset policy",
    "UpdatePolicy",
    { PolicyName: "QcloudCOSFullAccess", Description: "mine" },
    "InvalidParameter.PolicyIdError",
  ],
])("%s is refused", async (_what, action, parameters, code) => {
  expect(await codeOf(call(cloud, `cam:${action}`, parameters))).toBe(code);
});

test("the account tells its APPID", async () => {
  expect(await call(cloud, "cam:GetUserAppId")).toMatchObject({ AppId: 1250000000, OwnerUin: cloud.account.uin });
  expect(await call(cloud, "cam:DescribeSubAccounts", { FilterSubAccountUin: [1] })).toMatchObject({ SubAccounts: [] });
});

describe("tags", () => {
  const Resource = "qcs::cls:ap-guangzhou:uin/:logset/id-1";
  const read = { ServiceType: "cls", ResourcePrefix: "logset", ResourceRegion: "ap-guangzhou", Offset: 0, Limit: 20 };

  test("are set, replaced and taken away through the tag API", async () => {
    const tag = (TagKey: string, TagValue: string) => ({ TagKey, TagValue });
    await call(cloud, "tag:ModifyResourceTags", { Resource, ReplaceTags: [tag("a", "1"), tag("b", "2")] });
    await call(cloud, "tag:ModifyResourceTags", {
      Resource,
      ReplaceTags: [tag("a", "3")],
      DeleteTags: [{ TagKey: "b" }],
    });
    expect(
      await call(cloud, "tag:DescribeResourceTagsByResourceIds", { ...read, ResourceIds: ["id-1"] }),
    ).toMatchObject({
      Tags: [{ TagKey: "a", TagValue: "3", ResourceId: "id-1" }],
    });
  });

  test("of a resource that has none are an empty list", async () => {
    const answer = await call(cloud, "tag:DescribeResourceTagsByResourceIds", { ...read, ResourceIds: ["id-2"] });
    expect(answer).toMatchObject({ TotalCount: 0, Tags: [] });
  });

  test("need a resource that is named in six segments", async () => {
    const answer = call(cloud, "tag:ModifyResourceTags", { Resource: "logset/id-1", ReplaceTags: [] });
    expect(await codeOf(answer)).toBe("InvalidParameterValue.ResourceDescriptionError");
  });
});
