import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isOnPath, type Binary } from "./binary";
import { NotRunError } from "./not-run";
import { runToSuccess } from "./process";

const PACKAGE = "github.com/opentofu/opentofu/cmd/tofu";

/** Longest that building may take, from nothing on a slow machine. */
const BUILD_MS = 40 * 60 * 1000;

/** Where OpenTofu is kept once it is built; outside the repository, so that a clean clone finds it. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cdktf-tencent-logs");
}

/**
 * OpenTofu, built by the Go toolchain from `tools/tofu/go.mod`, once for each version that stands there. Throws
 * {@link NotRunError} where there is no Go, and what Go says where the build fails.
 */
export async function buildTofu(root: string, cache: string = cacheFolder()): Promise<Binary> {
  const module = join(root, "tools/tofu");
  const digest = createHash("sha256");
  for (const name of ["go.mod", "go.sum"]) digest.update(readFileSync(join(module, name)));
  const program = join(cache, `tofu-${digest.digest("hex").slice(0, 16)}`);
  if (existsSync(program)) return { name: "tofu", program };
  if (!isOnPath("go")) {
    throw new NotRunError(
      "no terraform and no tofu on the PATH, and no go to build OpenTofu with; install one of them",
    );
  }
  process.stdout.write(`building OpenTofu into ${cache}: once, some minutes\n`);
  mkdirSync(cache, { recursive: true });
  const partial = `${program}.${process.pid}`;
  const args = ["build", "-mod=readonly", "-trimpath", "-o", partial, PACKAGE];
  // Without C: no compiler is needed, and the program is the same whether there is one or not.
  const env = { ...process.env, CGO_ENABLED: "0" };
  await runToSuccess({ program: "go", args, cwd: module, env, timeoutMs: BUILD_MS });
  renameSync(partial, program);
  return { name: "tofu", program };
}
