import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, wallMs } from "../lib/spawn.mjs";

const PAIRS = 11;
const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** Time that `rules check` of one line adds to an empty script, as when an editor runs it at each change. */
export default () => {
  const folder = mkdtempSync(join(tmpdir(), "cold-check-"));
  const file = join(folder, "one.sls");
  writeFileSync(file, String.raw`e_regex("message", r"(\w+)=(\w+)", ["key", "value"])` + "\n");
  const check = () => {
    const startedAt = performance.now();
    execFileSync(process.execPath, [CLI, "rules", "check", file]);
    return performance.now() - startedAt;
  };
  const differences = Array.from({ length: PAIRS }, () => check() - wallMs(""));
  rmSync(folder, { recursive: true });
  return [{ name: "rules check of one line over an empty script", value: median(differences), below: 250, unit: "ms" }];
};
