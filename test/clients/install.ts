import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOnPath } from "../deploy/binary";
import { NotRunError } from "../deploy/not-run";
import { cacheFolder } from "../deploy/opentofu";
import { run } from "../deploy/process";

/** The versions that the local cloud was tried with. */
const NODE = { "tencentcloud-sdk-nodejs": "4.1.313", "cos-nodejs-sdk-v5": "3.0.0" };
const PYTHON = [
  "tencentcloud-sdk-python-cls==3.1.192",
  "tencentcloud-sdk-python-scf==3.1.100",
  "tencentcloud-sdk-python-cam==3.1.181",
  "cos-python-sdk-v5==1.9.44",
];

/** The folder of a project that holds Tencent's SDKs for Node. Throws {@link NotRunError} where npm cannot install them. */
export function nodeProject(): Promise<string> {
  return once("clients-node", JSON.stringify(NODE), async (folder) => {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: NODE }));
    await install("npm", ["install", "--no-audit", "--no-fund"], folder, Object.keys(NODE).join(", "));
  });
}

/** The Python of an environment that holds Tencent's SDKs. Throws {@link NotRunError} where there is none to be had. */
export async function pythonProgram(): Promise<string> {
  const python = process.env.TENCENT_LOGS_PYTHON || "python3";
  if (!isOnPath(python)) throw new NotRunError(`there is no ${python}: install Python 3, or set TENCENT_LOGS_PYTHON`);
  const folder = await once("clients-python", `${python} ${PYTHON.join(" ")}`, async (made) => {
    await install(python, ["-m", "venv", "."], made, "an environment (python3-venv)");
    await install(
      join(made, "bin/pip"),
      ["install", "--disable-pip-version-check", ...PYTHON],
      made,
      PYTHON.join(", "),
    );
  });
  return join(folder, "bin/python");
}

/** coscli of the PATH, or that COSCLI names. Throws {@link NotRunError} where there is none. */
export function coscliProgram(): string {
  const program = process.env.COSCLI || "coscli";
  if (existsSync(program) || isOnPath(program)) return program;
  throw new NotRunError(
    `there is no ${program}: build it from https://github.com/tencentyun/coscli with go, or name its program in COSCLI`,
  );
}

/** A folder of the user's cache that is filled once for all that `contents` says. */
async function once(name: string, contents: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const digest = createHash("sha256").update(contents).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(), `${name}-${digest}`);
  const complete = join(folder, "complete");
  if (existsSync(complete)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await fill(folder);
  writeFileSync(complete, `${contents}\n`);
  return folder;
}

async function install(program: string, args: readonly string[], cwd: string, what: string): Promise<void> {
  process.stdout.write(`installing ${what}: once, a minute or two\n`);
  const { status, output } = await run({ program, args, cwd, env: process.env });
  if (status !== 0) throw new NotRunError(`${what} cannot be installed: ${output.trim().split("\n").at(-1)}`);
}
