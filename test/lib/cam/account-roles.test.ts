import { LogAccountRoles } from "../../../lib/cam/account-roles";
import { planOf, readBack, resourcesOf, testStack } from "../support/stack";

describe("LogAccountRoles", () => {
  it("makes the two roles as the console would, each with its preset policy", () => {
    const stack = testStack();
    new LogAccountRoles(stack, "Roles", { tags: { team: "web" } });
    const roles = resourcesOf(stack, "tencentcloud_cam_role").map(({ name, document, tags }) => {
      const { statement } = JSON.parse(readBack(document)) as { statement: unknown[] };
      return { name, statement, tags };
    });
    const trust = (service: string) => [
      { action: ["name/sts:AssumeRole"], effect: "allow", principal: { service: [service] } },
    ];
    expect(roles).toEqual([
      { name: "CLS_QcsRole", statement: trust("cls.cloud.tencent.com"), tags: { team: "web" } },
      { name: "SCF_QcsRole", statement: trust("scf.qcloud.com"), tags: { team: "web" } },
    ]);
    expect(resourcesOf(stack, "tencentcloud_cam_role_policy_attachment_by_name")).toEqual([
      { role_name: expect.stringMatching(/Cls.*name/), policy_name: "QcloudCOSAccessForCLSRole" },
      { role_name: expect.stringMatching(/Scf.*name/), policy_name: "QcloudAccessForScfRole" },
    ]);
  });

  it("leaves out a role that the account has", () => {
    const stack = testStack();
    const { clsRole, scfRole } = new LogAccountRoles(stack, "Roles", { cls: false });
    expect(clsRole).toBeUndefined();
    expect(scfRole).toBeDefined();
    expect(Object.keys(planOf(stack).resource.tencentcloud_cam_role)).toHaveLength(1);
  });
});
