import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTofu, cacheFolder } from "./opentofu";

/** A Go toolchain that writes what it was called with in place of a program. */
const GO = `#!/bin/sh
echo "$@" >> calls
for last; do [ "$before" = -o ] && file=$last; before=$last; done
echo built > "$file"
`;

const { PATH } = process.env;
let root: string;
let cache: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "opentofu-"));
  cache = join(root, "cache");
  mkdirSync(join(root, "tools/tofu"), { recursive: true });
  for (const name of ["go.mod", "go.sum"]) writeFileSync(join(root, "tools/tofu", name), name);
  process.env.PATH = `${root}:/usr/bin:/bin`;
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(root, { recursive: true });
});

function installGo(script: string): void {
  writeFileSync(join(root, "go"), script);
  chmodSync(join(root, "go"), 0o755);
}

test("OpenTofu is built once for what stands in its module, and anew for other versions", async () => {
  installGo(GO);
  const first = await buildTofu(root, cache);
  expect(first.name).toBe("tofu");
  expect(readFileSync(first.program, "utf8")).toBe("built\n");
  expect(await buildTofu(root, cache)).toEqual(first);
  writeFileSync(join(root, "tools/tofu/go.sum"), "others");
  const second = await buildTofu(root, cache);
  expect(second.program).not.toBe(first.program);
  expect(readFileSync(join(root, "tools/tofu/calls"), "utf8").split("\n")).toHaveLength(3);
});

test("a build that fails is an error with what Go says, and leaves nothing", async () => {
  installGo("#!/bin/sh\necho 'module not available' >&2\nexit 1\n");
  await expect(buildTofu(root, cache)).rejects.toThrow("module not available");
  expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([]);
});

test("without Go it says what is missing", async () => {
  process.env.PATH = root;
  await expect(buildTofu(root, cache)).rejects.toThrow("no terraform and no tofu on the PATH, and no go to build");
});

test("what is built lies in the user's cache", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/cache" })).toBe("/cache/cdktf-tencent-logs");
});
