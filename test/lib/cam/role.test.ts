import { FunctionRole } from "../../../lib/cam/role";
import { describeProp } from "../support/refused";
import { grantsOf, onlyResource, readBack, resourcesOf, testStack, textToken } from "../support/stack";

describe("FunctionRole", () => {
  it("may be assumed by SCF, and may do nothing until something is granted", () => {
    const stack = testStack();
    const role = new FunctionRole(stack, "Role", { description: "for ${x}", tags: { team: "web" } });
    const { document, ...rest } = onlyResource(stack, "tencentcloud_cam_role");
    expect(JSON.parse(readBack(document))).toEqual({
      statement: [{ action: ["name/sts:AssumeRole"], effect: "allow", principal: { service: ["scf.qcloud.com"] } }],
      version: "2.0",
    });
    expect(rest).toEqual({
      name: expect.stringMatching(/^logs-role-[0-9a-f]{6}$/),
      description: "for $${x}",
      tags: { team: "web" },
    });
    expect(resourcesOf(stack, "tencentcloud_cam_policy")).toEqual([]);
    expect(role.grants).toEqual([]);
  });

  it("gathers all that is granted in one policy, attached by id", () => {
    const stack = testStack();
    const role = new FunctionRole(stack, "Role", { tags: { team: "web" } });
    role.addToPolicy({ action: ["cls:SearchLog"], resource: ["a"] });
    role.addToPolicy({ action: ["cls:pushLog"], resource: ["%{b}"], effect: "deny" });
    expect(grantsOf(stack)).toEqual({ "cls:SearchLog": ["a"], "cls:pushLog": ["%{b}"] });
    const { document, tags } = onlyResource(stack, "tencentcloud_cam_policy");
    expect(document).toContain('{"action":["cls:pushLog"],"effect":"deny","resource":["%%{b}"]}');
    expect(tags).toEqual({ team: "web" });
    expect(role.grants).toHaveLength(1);
    expect(onlyResource(stack, "tencentcloud_cam_role_policy_attachment")).toEqual({
      role_id: expect.stringContaining("tencentcloud_cam_role.Role_"),
      policy_id: expect.stringContaining("tencentcloud_cam_policy.Role_Policy_"),
    });
  });

  it("of one that exists already is attached to by name", () => {
    const stack = testStack();
    const role = FunctionRole.fromRoleName(stack, "Role", "run-role");
    expect(role.grants).toEqual([]);
    role.addToPolicy({ action: ["cls:SearchLog"], resource: ["a"] });
    expect(role.roleName).toBe("run-role");
    expect(resourcesOf(stack, "tencentcloud_cam_role")).toEqual([]);
    expect(onlyResource(stack, "tencentcloud_cam_role_policy_attachment_by_name")).toEqual({
      role_name: "run-role",
      policy_name: expect.stringMatching(/^\$\{tencentcloud_cam_policy\..*\.name\}$/),
    });
    expect(role.grants).toHaveLength(1);
  });

  describe.each([
    ["of its own", (roleName: string) => new FunctionRole(testStack(), "Role", { roleName })],
    ["imported", (roleName: string) => FunctionRole.fromRoleName(testStack(), "Role", roleName)],
  ])("%s", (_, build) => {
    describeProp({
      prop: "roleName",
      code: "LOGS_ROLE_NAME",
      rule: "must have 1 to 128 letters, digits and +=,.@_-",
      build,
      passes: ["a", "A+=,.@_-9", "x".repeat(128), textToken()],
      refused: ["", "a b", "日志", "x".repeat(129)],
    });
  });
});
