import { call, codeOf } from "../support/api";
import { closeClouds, start } from "../support/cloud";

afterEach(closeClouds);

test("a dashboard is made, found, changed and taken away, with its tags", async () => {
  const cloud = await start();
  const Tags = [{ Key: "team", Value: "web" }];
  const made = await call(cloud, "cls:CreateDashboard", { DashboardName: "one", Data: '{"panels":[]}', Tags });
  const DashboardId = String(made.DashboardId);
  await call(cloud, "cls:CreateDashboard", { DashboardName: "two" });
  const found = async (): Promise<unknown> =>
    (await call(cloud, "cls:DescribeDashboards", { Filters: [{ Key: "dashboardId", Values: [DashboardId] }] }))
      .DashboardInfos;
  expect(await found()).toMatchObject([{ DashboardName: "one", Data: '{"panels":[]}', Tags }]);
  await call(cloud, "cls:ModifyDashboard", { DashboardId, DashboardName: "three", Tags: [{ Key: "a", Value: "b" }] });
  expect(await found()).toMatchObject([
    { DashboardName: "three", Data: '{"panels":[]}', Tags: [{ Key: "a", Value: "b" }] },
  ]);
  const all = await call(cloud, "cls:DescribeDashboards", { Offset: 1, Limit: 1 });
  expect(all).toMatchObject({ TotalCount: 2, DashboardInfos: [{ DashboardName: "two" }] });
  await call(cloud, "cls:DeleteDashboard", { DashboardId });
  expect(await found()).toEqual([]);
});

test("what the cloud refuses is refused", async () => {
  const cloud = await start();
  await call(cloud, "cls:CreateDashboard", { DashboardName: "one" });
  expect(await codeOf(call(cloud, "cls:CreateDashboard", { DashboardName: "one" }))).toBe(
    "InvalidParameter.DashboardNameConflict",
  );
  expect(await codeOf(call(cloud, "cls:DeleteDashboard", { DashboardId: "dashboard-1" }))).toBe(
    "ResourceNotFound.DashboardNotExist",
  );
});
