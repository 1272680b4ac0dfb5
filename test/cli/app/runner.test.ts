import { join } from "node:path";
import { readApp } from "../../../cli/app/app";
import { plainRunOf } from "../../../cli/app/runner";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

const ROOT = join(__dirname, "../../..");

describe("a command that is a file for node", () => {
  const runOf = (command: string) => plainRunOf({ folder: ROOT, command, environment: {} });

  it.each(["npx tsx main.ts", "tsx main.ts", "npx --yes tsx main.ts", "pnpm exec tsx main.ts", "yarn tsx  main.ts"])(
    "with tsx: %s",
    (command) => {
      const loader = expect.stringMatching(/^file:.*\/tsx\/dist\/loader\.mjs$/);
      expect(runOf(command)).toEqual({ file: "main.ts", execArgv: ["--import", loader] });
    },
  );

  it("with node itself", () => {
    expect(runOf("node dist/main.js")).toEqual({ file: "dist/main.js", execArgv: [] });
  });

  it.each([
    "npx tsx --tsconfig x.json main.ts",
    "tsc && node main.js",
    "node $MAIN",
    "npx ts-node main.ts",
    "python3 main.py",
    "npx tsx",
  ])("is none of more, or of what is not installed: %s", (command) => {
    expect(runOf(command)).toBeUndefined();
  });
});

describe("the app of a project", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "app-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is what cdktf.json names, with its context, unless a command is given", () => {
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "npx tsx main.ts", context: { stage: "dev" } }));
    const environment = { CDKTF_CONTEXT_JSON: '{"stage":"dev"}' };
    expect(readApp(folder)).toEqual({ folder, command: "npx tsx main.ts", environment });
    expect(readApp(folder, "node x.js")).toEqual({ folder, command: "node x.js", environment });
  });

  it.each([
    ["nothing", undefined, /^cdktf\.json must exist in .*, got none; change to the project's folder, or pass --app$/],
    ["no JSON", "{", /cdktf\.json must be JSON, got /],
    ["a list", "[]", /cdktf\.json must hold an object, got something else$/],
    ["no app", "{}", /^app in .*cdktf\.json must be a command, such as "npx tsx main\.ts", got undefined$/],
  ])("is refused where there is %s", (_what, text, message) => {
    if (text !== undefined) writeFileSync(join(folder, "cdktf.json"), text);
    expect(() => readApp(folder)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), status: 2 }),
    );
  });
});
