import { local } from "../../../cli/local/local";
import { failure } from "../../local/support/cloud";

jest.setTimeout(90_000);

async function run(...args: string[]): Promise<{ status: number; out: string }> {
  let out = "";
  const status = await local(args, { stdout: { write: (text) => (out += text) }, stderr: { write: () => undefined } });
  return { status, out };
}

describe("npm start -- --example multi-region-monitor", () => {
  test("tells one incident in two regions once, how much more there was, and that it is over", async () => {
    const { status, out } = await run("--example", "multi-region-monitor");
    expect(status).toBe(0);
    const told = (pattern: RegExp): number => [...out.matchAll(pattern)].length;
    const first = (group: string): RegExp =>
      new RegExp(`\\| \\[critical\\] Errors · ${group} · .*\\n +\\| first of this kind in 5 minutes`, "g");
    expect(told(first("service=orders status=503"))).toBe(1);
    expect(told(first("service=payments status=500"))).toBe(1);
    // 6 and 100 of them failed; the first alert counts those of its own batch.
    expect(told(/\| \+ 103 more, in 2 regions, last /g)).toBe(1);
    expect(told(/minutes later, an alert arrives\n.*\n +\| recovered, silent for 5 minutes/g)).toBe(2);
    expect(out.trimEnd().split("\n").at(-1)).toBe("5 alerts from 179 lines, 0 invocations failed");
  });

  test("is fed no file", async () => {
    const { message } = await failure(run("package.json", "--example", "multi-region-monitor"));
    expect(message).toMatch(
      /^FILE must be left out with multi-region-monitor, which is fed no log, got .*package\.json$/,
    );
  });
});
