import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProvider } from "./provider";

/** A program that finds the provider only where a CLI configuration names a mirror, as without a network. */
const OFFLINE = `#!/bin/sh
if [ -n "$TF_CLI_CONFIG_FILE" ]; then exit 0; fi
echo "Error: Failed to query

no such host" >&2
exit 1
`;

const { PATH, TF_CLI_CONFIG_FILE } = process.env;
const TERRAFORM = { name: "terraform", program: "terraform" } as const;
const TOFU = { name: "tofu", program: "tofu" } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "provider-"));
  process.env.PATH = `${folder}:${PATH}`;
  delete process.env.TF_CLI_CONFIG_FILE;
});
afterEach(() => {
  process.env.PATH = PATH;
  if (TF_CLI_CONFIG_FILE !== undefined) process.env.TF_CLI_CONFIG_FILE = TF_CLI_CONFIG_FILE;
  rmSync(folder, { recursive: true });
});

function install(name: "terraform" | "tofu", script: string): void {
  writeFileSync(join(folder, name), script);
  chmodSync(join(folder, name), 0o755);
}

test("what init reaches by itself comes first", async () => {
  install("terraform", "#!/bin/sh\nexit 0\n");
  expect(await findProvider(TERRAFORM, folder, "/mirror")).toMatchObject({ from: "what terraform init reaches" });
});

test("then the folder that the variable names", async () => {
  install("terraform", OFFLINE);
  const { from, env } = await findProvider(TERRAFORM, folder, "/mirror");
  expect(from).toBe("TENCENT_LOGS_PROVIDER_MIRROR (/mirror)");
  expect(readFileSync(env.TF_CLI_CONFIG_FILE as string, "utf8")).toContain('path = "/mirror"');
});

test("for OpenTofu a mirror that was made for Terraform stands under the other registry's name, links only at its leaves", async () => {
  install("tofu", OFFLINE);
  const mirror = join(folder, "mirror-of-terraform");
  const version = "tencentcloudstack/tencentcloud/1.83.25";
  mkdirSync(join(mirror, "registry.terraform.io", version, "linux_amd64"), { recursive: true });
  await findProvider(TOFU, folder, mirror);
  const renamed = join(folder, "mirror/registry.opentofu.org", version);
  expect(lstatSync(renamed).isDirectory()).toBe(true);
  expect(realpathSync(join(renamed, "linux_amd64"))).toBe(
    realpathSync(join(mirror, "registry.terraform.io", version, "linux_amd64")),
  );
});

test("neither is an error that says what was tried, why it failed, and what to set", async () => {
  install("terraform", OFFLINE);
  await expect(findProvider(TERRAFORM, folder, "")).rejects.toThrow(
    "no provider tencentcloudstack/tencentcloud (>= 1.83.16, < 2.0.0); tried what terraform init reaches: " +
      "Failed to query no such host; TENCENT_LOGS_PROVIDER_MIRROR: not set. Let terraform init reach its registry, " +
      'or set TENCENT_LOGS_PROVIDER_MIRROR to a folder made by "terraform providers mirror"',
  );
});
