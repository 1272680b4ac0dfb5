import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readerOf } from "./ours.mjs";

/** The last commit before the scanner validated lines. */
const COMMIT = "4e5ccde";
/** The last commit before the logs of an event were read in place. */
export const BEFORE_EVENTS = "d638a29";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Why that commit is unavailable: an archive of the package has no history. Undefined if it is available. */
export function missingBefore(commit = COMMIT) {
  try {
    execFileSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: ROOT, stdio: "ignore" });
    return undefined;
  } catch {
    return `there is no commit ${commit} in the history at hand`;
  }
}

/** Returns a reader of gzip files that uses the parser of that commit. */
export async function openBefore() {
  return readerOf(await builtBefore("", { decompress: "parser/decompress.ts", parse: "parser/parse.ts" }));
}

/**
 * The folder with bundled files of that commit's `functions`, built at first use and cached in the machine's temporary
 * folder.
 *
 * @param suffix distinguishes the folder from others
 * @param entryPoints the source of each file, by the file's name
 */
export async function builtBefore(suffix, entryPoints, commit = COMMIT) {
  const folder = join(tmpdir(), "cdktf-tencent-logs-bench", commit + suffix);
  if (!existsSync(folder)) await buildInto(folder, entryPoints, commit);
  return folder;
}

/** The compiler is loaded only here: its 130 MB would otherwise count for contestants measured in this process. */
async function buildInto(folder, entryPoints, commit) {
  const { build } = await import("esbuild");
  const { compileScanner, packModule } = await import("../../scripts/build-scanner.mjs");
  mkdirSync(join(folder, ".."), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  const sources = join(draft, "sources");
  mkdirSync(sources);
  execFileSync("tar", ["-x", "-C", sources], { input: archiveOf(commit) });
  const scan = join(sources, "functions/parser/scan");
  if (existsSync(scan)) {
    const binary = await compileScanner(join(scan, "assembly"));
    const isPacked = readFileSync(join(scan, "../web-assembly.ts"), "utf8").includes("unpackModule");
    const text = isPacked ? packModule(binary) : Buffer.from(binary).toString("base64");
    writeFileSync(join(scan, "module.ts"), `export const MODULE = "${text}";\n`);
  }
  for (const [name, source] of Object.entries(entryPoints)) {
    await build({
      entryPoints: [join(sources, "functions", source)],
      bundle: true,
      platform: "node",
      target: "node18",
      format: "cjs",
      outfile: join(draft, `${name}.js`),
      nodePaths: [join(ROOT, "node_modules")],
      logLevel: "error",
    });
  }
  rmSync(sources, { recursive: true });
  renameSync(draft, folder);
}

/** The folders that a bundle is made of. Earlier commits have the rule language in `functions`. */
function archiveOf(commit) {
  const git = (...args) => execFileSync("git", args, { cwd: ROOT, maxBuffer: 1 << 28 });
  const folders = git("ls-tree", "--name-only", commit, "functions", "rules").toString().trim().split("\n");
  return git("archive", commit, ...folders);
}
