import { local } from "../../../cli/local/local";
import { failure } from "../../local/support/cloud";

jest.setTimeout(60_000);

async function run(...args: string[]): Promise<{ status: number; out: string }> {
  let out = "";
  const status = await local(args, { stdout: { write: (text) => (out += text) }, stderr: { write: () => undefined } });
  return { status, out };
}

describe("npm start -- --example live-log", () => {
  test("calls a Node and a Python function, and shows the lines of both as a tail does", async () => {
    const { status, out } = await run("--example", "live-log");
    expect(status).toBe(0);
    const lines = out.split("\n");
    const shown = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
    // Each once, whichever lane brought it.
    expect(shown(/^orders .* INFO +POST \/orders$/)).toBe(4);
    expect(shown(/^orders .* INFO +order 10 accepted, 3 by this instance$/)).toBe(1);
    expect(shown(/^orders .* WARN +order 8 has no items$/)).toBe(1);
    expect(shown(/^payments .* charging order \d+$/)).toBe(3);
    expect(shown(/^payments .* order 7 paid$/)).toBe(1);
    expect(shown(/ValueError: card of order 9 is stolen$/)).toBe(1);
    // What no reporter can see.
    expect(shown(/^payments .*TIMEOUT/)).toBe(1);
    expect(lines.at(-2)).toBe("7 invocations, 1 failed");
  });

  test("is fed no file", async () => {
    const { message } = await failure(run("package.json", "--example", "live-log"));
    expect(message).toMatch(/^FILE must be left out with live-log, which is fed no log, got .*package\.json$/);
  });
});
