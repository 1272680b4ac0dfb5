import { TerraformOutput, TerraformVariable } from "cdktf";
import { FunctionCode, FunctionUrl, type FunctionUrlProps } from "../../../lib";
import { onlyResource, planOf, testFunction, testStack, violationsOf } from "../support/stack";

const url = (props: Partial<FunctionUrlProps> = {}) => new FunctionUrl({ auth: "cam", ...props });

describe("a function's URL", () => {
  it("is a trigger without a name, as the provider and SCF want it", () => {
    const stack = testStack();
    testFunction(stack).addEventSource(url());
    expect(onlyResource(stack, "tencentcloud_scf_trigger")).toMatchObject({
      type: "http",
      function_name: expect.stringContaining("tencentcloud_scf_function"),
      namespace: "default",
      trigger_desc: '{"AuthType":"CAM","NetConfig":{"EnableExtranet":true,"EnableIntranet":false}}',
      enable: "OPEN",
      qualifier: "$DEFAULT",
    });
    expect(onlyResource(stack, "tencentcloud_scf_trigger")).not.toHaveProperty("trigger_name");
  });

  it.each<[string, Partial<FunctionUrlProps>, object]>([
    ["anybody may call", { auth: "none" }, { trigger_desc: expect.stringContaining('"AuthType":"NONE"') }],
    [
      "only the region sees",
      { publicNetwork: false, intranet: true },
      { trigger_desc: expect.stringContaining('{"EnableExtranet":false,"EnableIntranet":true}') },
    ],
    ["is off, of another version", { enabled: false, qualifier: "2" }, { enable: "CLOSE", qualifier: "2" }],
  ])("may be one that %s", (_what, props, rendered) => {
    const stack = testStack();
    testFunction(stack).addEventSource(url(props));
    expect(onlyResource(stack, "tencentcloud_scf_trigger")).toMatchObject(rendered);
  });

  it("is made anew with its function, and with another version", () => {
    const stack = testStack();
    testFunction(stack).addEventSource(url());
    const kept = Object.values(planOf(stack).resource.terraform_data ?? {}).map(({ input }) => input);
    expect(kept).toContainEqual({ function: expect.stringContaining("function_id"), qualifier: "$DEFAULT" });
  });

  it("tells its addresses, which outputs and variables take", () => {
    const stack = testStack();
    const made = url({ intranet: true }).bind(testFunction(stack));
    new TerraformOutput(stack, "url", { value: made.url });
    testFunction(stack, "Caller", { environment: { URL: made.intranetUrl } });
    const { output } = planOf(stack) as unknown as { output: { url: { value: string } } };
    expect(output.url.value).toMatch(
      /^\$\{jsondecode\(tencentcloud_scf_trigger\.Worker_Url_\w+\.trigger_attribute\)\.NetConfig\.ExtranetUrl\}$/,
    );
    const caller = Object.values(planOf(stack).resource.tencentcloud_scf_function ?? {}).find(
      ({ environment }) => environment,
    );
    expect((caller?.environment as Record<string, string>).URL).toContain(").NetConfig.IntranetUrl}");
  });

  it("has no address on a network that is off, and one network at least: LOGS_URL_NETWORK", () => {
    const stack = testStack();
    const inside = url({ publicNetwork: false, intranet: true }).bind(testFunction(stack));
    expect(violationsOf(() => inside.url)).toEqual([
      ["LOGS_URL_NETWORK", "publicNetwork must be on for url, got false; use intranetUrl"],
    ]);
    const outside = url().bind(testFunction(stack, "Other"));
    expect(violationsOf(() => outside.intranetUrl)).toEqual([
      ["LOGS_URL_NETWORK", "intranet must be on for intranetUrl, got false; turn it on"],
    ]);
    expect(violationsOf(() => url({ publicNetwork: false }).bind(testFunction(stack, "None")))).toEqual([
      ["LOGS_URL_NETWORK", "publicNetwork must be on without intranet, got false for both; turn one of them on"],
    ]);
  });

  it("says who may call it: LOGS_URL_AUTH", () => {
    const stack = testStack();
    const open = (props: object) => violationsOf(() => new FunctionUrl(props as never).bind(testFunction(stack)));
    expect(open({})).toEqual([
      ["LOGS_PROP_MISSING", 'auth must be given, got nothing; say "cam", or "none" for a URL that anybody may call'],
    ]);
    const again = testStack();
    expect(violationsOf(() => url({ auth: "open" as never }).bind(testFunction(again)))).toEqual([
      ["LOGS_URL_AUTH", 'auth must be "none" or "cam", got "open"; say who may call the URL'],
    ]);
    const token = new TerraformVariable(again, "auth", {}).stringValue as "cam";
    expect(violationsOf(() => url({ auth: token }).bind(testFunction(again, "Token")))).toMatchObject([
      ["LOGS_PROP_TOKEN", expect.any(String)],
    ]);
  });

  it("is one for a function of one's own: LOGS_URL_DUPLICATE, LOGS_EVENT_SOURCE", () => {
    const stack = testStack();
    const target = testFunction(stack);
    target.addEventSource(url());
    expect(violationsOf(() => target.addEventSource(url({ qualifier: "2" })))).toEqual([
      ["LOGS_URL_DUPLICATE", "a function must have one URL, got a second; use the first, or another function"],
    ]);
    const ours = testFunction(stack, "Ours", { code: FunctionCode.prebuilt("cls-stream") });
    expect(violationsOf(() => ours.addEventSource(url()))).toMatchObject([["LOGS_EVENT_SOURCE", expect.any(String)]]);
  });
});
