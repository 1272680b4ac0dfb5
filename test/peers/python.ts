import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NotRunError } from "../deploy/not-run";
import { cacheFolder } from "../deploy/opentofu";
import { run, type Ended } from "../deploy/process";

/** The vendor's consumer: the version that the emulator was written against. */
const PACKAGE = "tencentcloud-cls-sdk-python==1.0.9";
const MIN_PYTHON = [3, 8];

/** Variable that names the Python to use. */
const PYTHON_VARIABLE = "TENCENT_LOGS_PYTHON";

/** The Python of a virtual environment that holds the vendor's consumer, installed as its users do: see {@link pythonWith}. */
export function pythonWithConsumer(cache: string = cacheFolder()): Promise<string> {
  return pythonWith(PACKAGE, "tencentcloud.log.consumer", cache);
}

/**
 * The Python of a virtual environment that holds a package. It is made once and kept in the user's cache. Throws
 * {@link NotRunError} without Python, or where pip cannot install it.
 *
 * @param name of the package, with its version where that matters
 * @param module that is imported of it
 */
export async function pythonWith(name: string, module: string, cache: string = cacheFolder()): Promise<string> {
  const python = process.env[PYTHON_VARIABLE] || "python3";
  const version = await versionOf(python);
  const folder = join(cache, `peers-${name.replace("==", "-")}-python${version}`);
  const program = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return program;

  process.stdout.write(`installing ${name} into ${folder}: once, a minute or two\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  require(await call(
    python,
    ["-m", "venv", folder],
    cache,
  ), `${python} -m venv makes no environment`, "install python3-venv");
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", name];
  require(await call(program, pip, cache), `pip cannot install ${name}`, "let pip reach PyPI or a mirror of it");
  require(await call(program, ["-c", `import ${module}`], cache), `${name} cannot be imported`, "see above");
  writeFileSync(complete, `${name}\n`);
  return program;
}

/** `3.11`. */
async function versionOf(python: string): Promise<string> {
  const script = "import sys; print('%d.%d' % sys.version_info[:2])";
  const { status, stdout } = await call(python, ["-c", script], ".");
  const version = stdout.trim();
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > MIN_PYTHON[0] || (major === MIN_PYTHON[0] && minor >= MIN_PYTHON[1]);
  if (status === 0 && isEnough) return version;
  throw new NotRunError(
    `no Python ${MIN_PYTHON.join(".")} or newer, which these tests need: ${python} ${status === 0 ? `is ${version}` : "does not run"}. ` +
      `Install Python 3, or set ${PYTHON_VARIABLE}`,
  );
}

async function call(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  try {
    return await run({ program, args, cwd, env: process.env });
  } catch (error) {
    return { status: null, stdout: "", output: (error as Error).message };
  }
}

function require({ status, output }: Ended, what: string, remedy: string): void {
  if (status === 0) return;
  const reason = output.trim().split("\n").at(-1) ?? "no reason told";
  throw new NotRunError(`${what}: ${reason}. To run these tests, ${remedy}`);
}
