import { Testing } from "cdktf";
import { expectStack, runPipeline } from "cdktf-tencent-logs/testing";
import { LogStack } from "./app";

it("sends what the user's code makes of an order to the webhook", async () => {
  const stack = new LogStack(Testing.app());
  const { outputs, notes } = await runPipeline(stack.orders, { input: [{ order: "17", card: "4111111111111111" }] });
  expect(outputs.tickets).toMatchObject([{ order: "17", card: "************1111" }]);
  expect(notes).toEqual({});
});

it("stands in two regions", () => {
  expectStack(new LogStack(Testing.app())).toHaveCount("tencentcloud_scf_function", 2);
});
