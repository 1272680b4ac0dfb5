import { withoutMonitors } from "../../../cli/consume/monitors";

it("what is consumed is watched by no monitor of the pipeline, and whoever consumes it hears which", () => {
  const settings = { version: 1, region: "ap-guangzhou", outputs: {} };
  const carried = { ...settings, monitors: [{ name: "Errors", file: "monitor-Errors.json" }, { name: "Admin" }] };
  const { monitors, variables } = withoutMonitors({ LOGS_SETTINGS: JSON.stringify(carried), STAGE: "test" });
  expect(monitors).toEqual(["Errors", "Admin"]);
  expect(variables.STAGE).toBe("test");
  expect(JSON.parse(variables.LOGS_SETTINGS)).toEqual(settings);

  const plain = { LOGS_SETTINGS: JSON.stringify(settings) };
  expect(withoutMonitors(plain)).toEqual({ monitors: [], variables: plain });
  expect(withoutMonitors({})).toEqual({ monitors: [], variables: {} });
});
