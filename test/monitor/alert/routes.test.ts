import { toldOf } from "../../../monitor/alert/routes";
import type { Route } from "../../../monitor/definition/types";
import { alertOf, monitorOf } from "./support";

function told(routes: readonly Route[], overrides = {}) {
  return toldOf(monitorOf({ routes }), alertOf(overrides));
}

describe("who is told", () => {
  it("is every receiver of the routes that fit, once", () => {
    const routes: Route[] = [
      { to: ["oncall", "mail"], fallback: "sms" },
      { to: ["oncall"], fallback: "phone" },
      { to: ["sea"], labels: { team: "sea" } },
    ];
    expect(told(routes)).toEqual([
      { receiver: "oncall", fallbacks: ["sms", "phone"] },
      { receiver: "mail", fallbacks: ["sms"] },
    ]);
    expect(told(routes, { labels: { team: "sea" } }).map(({ receiver }) => receiver)).toEqual([
      "oncall",
      "mail",
      "sea",
    ]);
  });

  it("is chosen by labels that the alert itself has", () => {
    const routes: Route[] = [{ to: ["oncall"] }, { to: ["chat"], labels: { toString: "x" } }];
    expect(told(routes)).toEqual([{ receiver: "oncall", fallbacks: [] }]);
  });

  it("is nobody's own fallback", () => {
    expect(told([{ to: ["oncall"], fallback: "oncall" }])).toEqual([{ receiver: "oncall", fallbacks: [] }]);
  });
});
