import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../cli/run";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "native-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command on a rule text. */
async function native(text: string, ...flags: string[]) {
  const file = join(folder, "access.sls");
  writeFileSync(file, text);
  const written = { stdout: "", stderr: "" };
  const status = await run(["rules", "native", file, ...flags], {
    stdout: { write: (part: string) => (written.stdout += part) },
    stderr: { write: (part: string) => (written.stderr += part) },
  } as unknown as Parameters<typeof run>[1]);
  return { status, stdout: written.stdout, stderr: written.stderr.replaceAll(file, "FILE") };
}

test("prints the text, and nothing else where CLS does the same", async () => {
  expect(await native('# who\ne_set("team", "web")\n', "--default-output", "rest")).toEqual({
    status: 0,
    stdout: 'fields_set("team", "web", mode="overwrite")\nlog_output("rest")\n',
    stderr: "",
  });
});

test("events without an output are dropped where there is no default one", async () => {
  expect((await native("KEEP")).stdout).toBe("log_drop(True)\n");
});

test("tells on stderr where CLS does a thing otherwise", async () => {
  const { status, stdout, stderr } = await native('e_set("x", "1")\ne_pack_fields("all")');
  expect([status, stdout.split("\n")[1]]).toEqual([0, 'fields_pack("all", include=".*", drop_packed=False)']);
  expect(stderr).toContain("FILE:2:1 warning RULES_UNSUPPORTED: CLS writes JSON without blanks");
});

test("tells on stderr what the text hardly means", async () => {
  const { status, stdout, stderr } = await native('"""all"""\ne_keep("status: 200")');
  expect([status, stdout]).toEqual([0, "log_keep(True)\nlog_drop(True)\n"]);
  expect(stderr.match(/^FILE:\d+:\d+ \w+ \w+/gm)).toEqual([
    "FILE:1:1 warning RULES_POSITION",
    "FILE:2:8 warning RULES_VALUE",
  ]);
});

test("tells all that CLS cannot do, and prints no text", async () => {
  const { status, stdout, stderr } = await native('e_coutput("a")\n\ne_set("x", base64_encoding("y"))\ne_kv("z")');
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr.match(/^FILE:\d+:\d+ error RULES_UNSUPPORTED/gm)).toEqual([
    "FILE:1:1 error RULES_UNSUPPORTED",
    "FILE:4:1 error RULES_UNSUPPORTED",
  ]);
});

test("tells what is wrong with a text that no engine runs", async () => {
  const { status, stdout, stderr } = await native('e_sett("x", "1")');
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("did you mean e_set");
});

test("--help tells its flags", async () => {
  expect((await native("", "--help")).stdout).toContain("--default-output NAME");
});
