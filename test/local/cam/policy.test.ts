import { allows, parsePolicy, trusts } from "../../../local/cam/policy";

const RESOURCE = "qcs::cos:ap-guangzhou:uid/1250000000:logs-1250000000/cls/2026/a.gz";

function documentOf(...statement: object[]): ReturnType<typeof parsePolicy> {
  return parsePolicy(JSON.stringify({ version: "2.0", statement }), "policy p");
}

function allow(action: string | string[], resource: string[]): ReturnType<typeof parsePolicy> {
  return documentOf({ effect: "allow", action, resource });
}

describe("allows", () => {
  test.each<[string, string, string[], boolean]>([
    ["the exact object", "name/cos:GetObject", [RESOURCE], true],
    ["a prefix", "name/cos:GetObject", ["qcs::cos:ap-guangzhou:uid/1250000000:logs-1250000000/cls/*"], true],
    ["another prefix", "name/cos:GetObject", ["qcs::cos:ap-guangzhou:uid/1250000000:logs-1250000000/other/*"], false],
    ["another bucket", "name/cos:GetObject", ["qcs::cos:ap-guangzhou:uid/1250000000:logs2-1250000000/*"], false],
    ["another region", "name/cos:GetObject", ["qcs::cos:ap-shanghai:uid/1250000000:logs-1250000000/*"], false],
    ["another account", "name/cos:GetObject", ["qcs::cos:ap-guangzhou:uid/1250000001:logs-1250000000/*"], false],
    [
      "the account by its uin",
      "name/cos:GetObject",
      ["qcs::cos:ap-guangzhou:uin/100000000001:logs-1250000000/*"],
      false,
    ],
    ["no region and no account", "name/cos:GetObject", ["qcs::cos:::logs-1250000000/*"], true],
    ["all resources", "cos:GetObject", ["*"], true],
    ["all actions of the service", "name/cos:*", ["*"], true],
    ["an action by its beginning", "name/cos:Get*", ["*"], true],
    ["another action", "name/cos:PutObject", ["*"], false],
    ["a resource of five segments", "name/cos:GetObject", ["qcs:cos:ap-guangzhou:uid/1250000000:*"], false],
    ["a prefix whose dot is no wildcard", "name/cos:GetObject", [RESOURCE.replace("a.gz", "a?gz")], false],
  ])("judges %s", (_name, action, resource, expected) => {
    expect(allows([allow(action, resource)], "cos:GetObject", RESOURCE)).toBe(expected);
  });

  test("a statement that denies outweighs one that allows, in whichever document", () => {
    const denied = documentOf({ effect: "deny", action: ["name/cos:GetObject"], resource: [RESOURCE] });
    expect(allows([allow("*", ["*"]), denied], "cos:GetObject", RESOURCE)).toBe(false);
    expect(allows([allow("*", ["*"]), denied], "cos:HeadObject", RESOURCE)).toBe(true);
  });

  test("nothing is allowed without a policy", () => {
    expect(allows([], "cos:GetObject", RESOURCE)).toBe(false);
  });
});

describe("trusts", () => {
  const trust = documentOf({
    effect: "allow",
    action: ["name/sts:AssumeRole"],
    principal: { service: ["scf.qcloud.com"] },
  });

  test("the service that is named", () => {
    expect(trusts(trust, "scf.qcloud.com")).toBe(true);
    expect(trusts(trust, "cls.cloud.tencent.com")).toBe(false);
  });
});

describe("parsePolicy", () => {
  const REFUSED: [string, string][] = [
    ["{", "document must be JSON"],
    ['{"version":"1.0","statement":[]}', 'version must be "2.0", got "1.0"'],
    ['{"version":"2.0","statement":[{"effect":"maybe","action":"*"}]}', 'effect must be allow or deny, got "maybe"'],
    [
      '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]}',
      'resource must be a list, got "*"',
    ],
    ['{"version":"2.0","statement":[{"effect":"allow","resource":["*"]}]}', "action must be strings, got"],
    [
      '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":["*"],"condition":{}}]}',
      "must hold no condition",
    ],
  ];
  test.each(REFUSED.map(([text, message]) => [message, text] as const))("refuses a policy: %s", (message, text) => {
    expect(() => parsePolicy(text, "policy p")).toThrow(message);
    expect(() => parsePolicy(text, "policy p")).toThrow("policy p: ");
  });
});
