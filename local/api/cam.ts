import type { Role } from "../cam/cam";
import type { Policy } from "../cam/policies";
import { apiTime } from "./time";
import { action, type ActionRequest, type Product } from "./action";
import { integer, list, object, optional, text, word } from "./fields";
import { page } from "./lists";

const NAME = text({ pattern: /^[A-Za-z0-9+=,.@_-]{1,128}$/ });
const DOCUMENT = text({ min: 1, max: 6144 });
const DESCRIPTION = optional(text({ max: 1000 }));
const PAGE = { Page: integer({ min: 1 }), Rp: integer({ min: 1, max: 200 }) };
const TAGS = optional(list(object({ Key: text({ min: 1, max: 127 }), Value: text({ max: 255 }) }), 50));

/** Roles, policies, attachments, and the account's identity. Fact: docs/design/facts/provider.md#cam-actions. */
export const CAM: Product = {
  name: "cam",
  version: "2019-01-16",
  isRegional: false,
  actions: {
    CreateRole: action(
      {
        RoleName: NAME,
        PolicyDocument: DOCUMENT,
        Description: DESCRIPTION,
        ConsoleLogin: optional(integer({ min: 0, max: 1 })),
        SessionDuration: optional(integer({ min: 0, max: 43_200 })),
      },
      (given, { services: { cam } }) => {
        const role = cam.createRole(given.RoleName, given.PolicyDocument, {
          description: given.Description,
          consoleLogin: given.ConsoleLogin === 1,
          sessionSeconds: given.SessionDuration,
        });
        return { RoleId: role.id };
      },
    ),
    DescribeRoleList: action(PAGE, ({ Page, Rp }, request) => {
      const roles = request.services.cam.allRoles();
      return { List: page(roles, (Page - 1) * Rp, Rp).map(describeRole), TotalNum: roles.length };
    }),
    GetRole: action({ RoleId: optional(text()), RoleName: optional(text()) }, (given, request) => ({
      RoleInfo: describeRole(request.services.cam.role(given.RoleId ?? given.RoleName ?? "")),
    })),
    UpdateRoleDescription: action(
      { RoleId: optional(text()), RoleName: optional(text()), Description: text({ max: 1000 }) },
      (given, { services: { cam } }) => {
        cam.updateRole(given.RoleId ?? given.RoleName ?? "", { details: { description: given.Description } });
        return {};
      },
    ),
    UpdateAssumeRolePolicy: action(
      { RoleId: optional(text()), RoleName: optional(text()), PolicyDocument: DOCUMENT },
      (given, { services: { cam } }) => {
        cam.updateRole(given.RoleId ?? given.RoleName ?? "", { document: given.PolicyDocument });
        return {};
      },
    ),
    DeleteRole: action(
      { RoleId: optional(text()), RoleName: optional(text()) },
      (given, { services: { cam, tags } }) => {
        const role = cam.role(given.RoleId ?? given.RoleName ?? "");
        cam.deleteRole(role.id);
        tags.forget("cam", "role", role.id);
        return {};
      },
    ),
    CreatePolicy: action(
      { PolicyName: NAME, PolicyDocument: DOCUMENT, Description: DESCRIPTION, Tags: TAGS },
      (given, { services: { cam, tags } }) => {
        const id = cam.createPolicy(given.PolicyName, given.PolicyDocument, given.Description);
        tags.modify("cam", "policy", id, { set: given.Tags?.map(({ Key, Value }) => [Key, Value]) });
        return { PolicyId: Number(id) };
      },
    ),
    GetPolicy: action({ PolicyId: integer() }, ({ PolicyId }, request) =>
      describePolicy(policyOf(PolicyId, request), request),
    ),
    ListPolicies: action(
      {
        Page: optional(PAGE.Page),
        Rp: optional(PAGE.Rp),
        Scope: optional(word("All", "QCS", "Local")),
        Keyword: optional(text()),
      },
      ({ Page = 1, Rp = 20, Scope = "All", Keyword = "" }, { services: { cam } }) => {
        const wanted = cam.policies
          .all()
          .filter(({ preset }) => Scope === "All" || preset === (Scope === "QCS"))
          .filter(({ name }) => name.includes(Keyword));
        return { List: page(wanted, (Page - 1) * Rp, Rp).map(describeListed), TotalNum: wanted.length };
      },
    ),
    UpdatePolicy: action(
      {
        PolicyId: optional(integer()),
        PolicyName: optional(NAME),
        PolicyDocument: optional(DOCUMENT),
        Description: DESCRIPTION,
      },
      (given, { services: { cam } }) => {
        const policy = given.PolicyId === undefined ? given.PolicyName : String(given.PolicyId);
        cam.policies.update(policy ?? "", { document: given.PolicyDocument, description: given.Description });
        return {};
      },
    ),
    DeletePolicy: action({ PolicyId: list(integer(), 20) }, ({ PolicyId }, { services: { cam, tags } }) => {
      for (const id of PolicyId.map(String)) {
        cam.deletePolicy(id);
        tags.forget("cam", "policy", id);
      }
      return {};
    }),
    AttachRolePolicy: action(
      {
        PolicyId: optional(integer()),
        PolicyName: optional(text()),
        AttachRoleId: optional(text()),
        AttachRoleName: optional(text()),
      },
      (given, { services: { cam } }) => {
        const policy = given.PolicyId === undefined ? given.PolicyName : String(given.PolicyId);
        cam.attachPolicy(given.AttachRoleId ?? given.AttachRoleName ?? "", policy ?? "");
        return {};
      },
    ),
    DetachRolePolicy: action(
      {
        PolicyId: optional(integer()),
        PolicyName: optional(text()),
        DetachRoleId: optional(text()),
        DetachRoleName: optional(text()),
      },
      (given, { services: { cam } }) => {
        const policy = given.PolicyId === undefined ? given.PolicyName : String(given.PolicyId);
        cam.detachPolicy(given.DetachRoleId ?? given.DetachRoleName ?? "", policy ?? "");
        return {};
      },
    ),
    ListAttachedRolePolicies: action(
      { ...PAGE, RoleId: optional(text()), RoleName: optional(text()), PolicyType: optional(text()) },
      ({ Page, Rp, RoleId, RoleName }, request) => {
        const role = request.services.cam.role(RoleId ?? RoleName ?? "");
        const policies = [...role.policyIds].map((id) => describeAttachment(request.services.cam.policies.get(id)));
        return { List: page(policies, (Page - 1) * Rp, Rp), TotalNum: policies.length };
      },
    ),
    GetUserAppId: action({}, (_given, { services: { account } }) => ({
      AppId: Number(account.appId),
      Uin: account.uin,
      OwnerUin: account.uin,
    })),
    DescribeSubAccounts: action({ FilterSubAccountUin: list(integer(), 50) }, () => ({ SubAccounts: [] })),
  },
};

function policyOf(id: number, { services: { cam } }: ActionRequest): Policy {
  return cam.policies.get(String(id));
}

function describeRole(role: Role): object {
  const { description = "", consoleLogin = false, sessionSeconds = 7200 } = role.details;
  return {
    RoleId: role.id,
    RoleName: role.name,
    RoleArn: role.arn,
    PolicyDocument: role.document,
    Description: description,
    ConsoleLogin: consoleLogin ? 1 : 0,
    SessionDuration: sessionSeconds,
    RoleType: "user",
    DeletionTaskId: "",
    AddTime: apiTime(role.createdAt),
    UpdateTime: apiTime(role.updatedAt),
    Tags: [],
  };
}

function describePolicy(policy: Policy, { services: { tags } }: ActionRequest): object {
  return {
    PolicyName: policy.name,
    Description: policy.description,
    PolicyDocument: policy.text,
    Type: policy.preset ? 2 : 1,
    AddTime: apiTime(policy.createdAt),
    UpdateTime: apiTime(policy.updatedAt),
    Tags: tags.of("cam", "policy", policy.id).map(([Key, Value]) => ({ Key, Value })),
  };
}

function describeListed(policy: Policy): object {
  return {
    PolicyId: Number(policy.id),
    PolicyName: policy.name,
    Type: policy.preset ? 2 : 1,
    CreateMode: 2,
    AddTime: apiTime(policy.createdAt),
    Description: policy.description,
  };
}

function describeAttachment(policy: Policy): object {
  return {
    PolicyId: Number(policy.id),
    PolicyName: policy.name,
    PolicyType: policy.preset ? "QCS" : "User",
    CreateMode: policy.preset ? 2 : 1,
    AddTime: apiTime(policy.createdAt),
    Remark: policy.description,
  };
}
