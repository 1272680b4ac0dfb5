import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../../terminal/user-error";
import { synthesize, type Example } from "../../../cli/local/example";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "example-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function exampleOf(code: string): Example {
  writeFileSync(join(folder, "main.js"), code);
  return { name: "slow", folder };
}

async function contentOf(file: string): Promise<string> {
  while (!existsSync(file) || readFileSync(file, "utf8") === "") await sleep(10);
  return readFileSync(file, "utf8");
}

describe("synthesis that is given up", () => {
  test("ends with the app's process gone, even one that does not want to end", async () => {
    const pidFile = join(folder, "pid");
    const code = `
      for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
      require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
      setInterval(() => undefined, 1000);`;
    const controller = new AbortController();
    const outcome = synthesize(exampleOf(code), join(folder, "out"), controller.signal).catch((error) => error);
    const pid = Number(await contentOf(pidFile));
    controller.abort(new UserError("interrupted"));
    expect(await outcome).toEqual(new UserError("interrupted"));
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  test("does not begin where that was before", async () => {
    const ran = join(folder, "ran");
    const example = exampleOf(`require("fs").writeFileSync(${JSON.stringify(ran)}, "")`);
    const signal = AbortSignal.abort(new UserError("interrupted"));
    await expect(synthesize(example, join(folder, "out"), signal)).rejects.toThrow("interrupted");
    expect(existsSync(ran)).toBe(false);
  });
});

test("an app that fails is one error with what it wrote", async () => {
  const example = exampleOf(`console.error("bucket must be ..."); process.exit(3);`);
  await expect(synthesize(example, join(folder, "out"), new AbortController().signal)).rejects.toThrow(
    "example slow must synthesize, got exit status 3: bucket must be ...",
  );
});
