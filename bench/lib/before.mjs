import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readerOf } from "./ours.mjs";

/** The last commit before lines were proven by the scanner. */
const COMMIT = "4e5ccde";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = join(tmpdir(), "cdktf-tencent-logs-bench", COMMIT);

/** Why that commit cannot be had: an archive of the package has no history. Undefined where it can. */
export function missingBefore() {
  try {
    execFileSync("git", ["cat-file", "-e", `${COMMIT}^{commit}`], { cwd: ROOT, stdio: "ignore" });
    return undefined;
  } catch {
    return `there is no commit ${COMMIT} in the history at hand`;
  }
}

/** What reads a gzip file with the parser of that commit, built at first use, then kept in the machine's temporary folder. */
export async function openBefore() {
  if (!existsSync(FOLDER)) await buildInto(FOLDER);
  return readerOf(FOLDER);
}

async function buildInto(folder) {
  mkdirSync(join(folder, ".."), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  const sources = join(draft, "sources");
  mkdirSync(sources);
  const archive = execFileSync("git", ["archive", COMMIT, "functions"], { cwd: ROOT, maxBuffer: 1 << 28 });
  execFileSync("tar", ["-x", "-C", sources], { input: archive });
  await build({
    entryPoints: ["decompress", "parse"].map((name) => join(sources, `functions/parser/${name}.ts`)),
    bundle: true,
    platform: "node",
    target: "node18",
    format: "cjs",
    outdir: draft,
    logLevel: "warning",
  });
  rmSync(sources, { recursive: true });
  renameSync(draft, folder);
}
