import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FunctionCode, type DirectoryCodeOptions } from "../../../lib/scf/code";
import type { LogFunctionProps } from "../../../lib/scf/function";
import { readDirectory } from "../../../lib/packaging/directory";
import { onlyResource, testFunction, testStack, violationsOf } from "../support/stack";
import { filesOf } from "../support/zip";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "code-directory-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>, into = folder): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), content);
  }
}

/** Names in the zip of a function whose code is the folder. */
function names(options: DirectoryCodeOptions = {}, props: Partial<LogFunctionProps> = {}): string[] {
  const stack = testStack();
  testFunction(stack, "F", { code: FunctionCode.fromDirectory(folder, options), ...props });
  return Object.keys(filesOf(stack));
}

/** Path of the zip, which names its content. */
function path(of: string): unknown {
  const stack = testStack();
  testFunction(stack, "F", { code: FunctionCode.fromDirectory(of) });
  return onlyResource(stack, "tencentcloud_scf_function").zip_file;
}

describe("FunctionCode.fromDirectory", () => {
  it("takes all files of the folder but those that differ from machine to machine", () => {
    write({
      "index.js": "exports.main_handler = async () => 1;",
      "node_modules/a/index.js": "1",
      ".env.example": "A=1",
      ".git/HEAD": "ref",
      "lib/.DS_Store": "x",
      "lib/__pycache__/a.pyc": "x",
      "lib/a.pyc": "x",
    });
    expect(names()).toEqual([".env.example", "index.js", "node_modules/a/index.js"]);
  });

  it.each<[string, string[], string[]]>([
    ["a name, at any depth", ["notes.md"], ["a/b.js", "docs/c.txt", "docs/deep/d.txt", "index.js", "index.test.js"]],
    ["names that are alike", ["*.test.js", "?.txt"], ["a/b.js", "a/notes.md", "index.js", "notes.md"]],
    ["a folder", ["docs/", "a"], ["index.js", "index.test.js", "notes.md"]],
    [
      "a path from the folder",
      ["./docs/c.txt", "a/notes.md"],
      ["a/b.js", "docs/deep/d.txt", "index.js", "index.test.js", "notes.md"],
    ],
    ["any folders", ["docs/**", "**/b.js"], ["a/notes.md", "index.js", "index.test.js", "notes.md"]],
  ])("leaves out %s", (_what, exclude, left) => {
    const files = ["index.js", "index.test.js", "notes.md", "a/b.js", "a/notes.md", "docs/c.txt", "docs/deep/d.txt"];
    write(Object.fromEntries(files.map((name) => [name, ""])));
    expect(names({ exclude })).toEqual(left);
  });

  it("has the same zip for the same files, whatever their times and their folder", () => {
    const other = join(folder, "other");
    write({ "index.js": "1", "a/b.js": "2" }, join(folder, "one"));
    write({ "a/b.js": "2", "index.js": "1" }, other);
    utimesSync(join(other, "index.js"), 1, 1);
    const one = path(join(folder, "one"));
    expect(path(other)).toBe(one);
    write({ "index.js": "3" }, other);
    expect(path(other)).not.toBe(one);
  });

  it("keeps what may be executed so, and follows links", () => {
    write({ "index.js": "", "bin/tool": "#!/bin/sh" });
    chmodSync(join(folder, "bin/tool"), 0o755);
    symlinkSync("bin/tool", join(folder, "tool"));
    const { contents, executables } = readDirectory(folder, []);
    expect(Object.keys(contents)).toEqual(["bin/tool", "index.js", "tool"]);
    expect([...executables]).toEqual(["bin/tool", "tool"]);
    symlinkSync("..", join(folder, "bin/up"));
    expect(() => readDirectory(folder, [])).toThrow("bin/up must not lead to a folder that it lies in");
  });

  it("names the handler, so that the function need not", () => {
    write({ "app.py": "def run(event, context): pass", "pkg/__init__.py": "" });
    const stack = testStack();
    const code = FunctionCode.fromDirectory(folder, { handler: "app.run" });
    testFunction(stack, "F", { code, runtime: "Python3.10" });
    expect(onlyResource(stack, "tencentcloud_scf_function").handler).toBe("app.run");
    expect(names({ handler: "pkg.run" }, { runtime: "Python3.10" })).toContain("pkg/__init__.py");
    expect(violationsOf(() => names({ handler: "app.run" }, { runtime: "Python3.10", handler: "app.walk" }))).toEqual([
      ["LOGS_HANDLER", 'handler must be left out beside code that names it, got "app.walk"; leave it out'],
    ]);
  });

  it("is refused where the handler's file is not in it, in the language of the runtime", () => {
    write({ "index.py": "" });
    expect(violationsOf(() => names())).toEqual([
      [
        "LOGS_HANDLER_FILE",
        'handler must name a file of the code (index.js or index/index.js), got "index.main_handler" for index.py; ' +
          "correct handler, or put the file at the code's top",
      ],
    ]);
    expect(names({}, { runtime: "Python3.10" })).toEqual(["index.py"]);
    expect(names({}, { runtime: "Go1" })).toEqual(["index.py"]);
  });

  it("is refused where it is no folder, or holds nothing: LOGS_CODE_DIRECTORY", () => {
    const gone = join(folder, "gone");
    expect(violationsOf(() => path(gone))).toEqual([
      ["LOGS_CODE_DIRECTORY", `code must be a folder that can be read, got none at ${gone}; correct the path`],
    ]);
    expect(violationsOf(() => path(folder))).toEqual([
      ["LOGS_CODE_DIRECTORY", `code must hold files, got none of ${folder}; correct the path, or exclude less`],
    ]);
  });
});

describe("FunctionCode.fromEntry", () => {
  const bundled = (entry: string) => {
    const stack = testStack();
    testFunction(stack, "F", { code: FunctionCode.fromEntry(join(folder, entry)) });
    return filesOf(stack);
  };

  it("bundles a module with what it imports as index.js, which runs", () => {
    write({
      "app.ts": `import { join } from "node:path"; import { name } from "./name";
        export const main_handler = async (): Promise<string> => join(name, "x");`,
      "name.ts": `export const name: string = "deep";`,
    });
    const files = bundled("app");
    expect(Object.keys(files)).toEqual(["index.js"]);
    const module = { exports: {} as { main_handler(): Promise<string> } };
    new Function("module", "exports", "require", Buffer.from(files["index.js"]).toString())(
      module,
      module.exports,
      require,
    );
    return expect(module.exports.main_handler()).resolves.toBe("deep/x");
  });

  it("is refused without an export main_handler", () => {
    write({ "app.ts": `export const handler = 1;` });
    expect(() => bundled("app")).toThrow(
      "entry must have an export main_handler, got handler; " +
        "write export async function main_handler(event, context) (LOGS_ENTRY)",
    );
  });

  it("is a file", () => {
    expect(() => bundled("gone")).toThrow(
      /entry must be a file, got nothing at .*gone; correct the path \(LOGS_ENTRY\)/,
    );
  });
});
