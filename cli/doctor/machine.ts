import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { objectIn } from "../../functions/runtime/checked-json";
import { neededVersions } from "../../lib/packaging/built-files";
import { Check, type Finding, type Section } from "./finding";

/** Oldest Terraform with `terraform_data`, which plans contain. */
const OLDEST_TERRAFORM = "1.4";

/** Milliseconds for a program to print its version. */
const VERSION_MS = 20_000;

/** Checks this machine: Node, the framework, its command line, Terraform. @param folder of the app */
export async function lookAtMachine(folder: string, environment: NodeJS.ProcessEnv): Promise<Section> {
  const terraform = await lookAtTerraform(environment);
  return {
    title: "this machine",
    findings: [lookAtNode(), lookAtFramework(folder), lookAtCommandLine(folder, environment), ...terraform],
  };
}

function lookAtNode(): Finding {
  const check = new Check("node");
  const { node: needed = "" } = neededVersions();
  const { node: version } = process.versions;
  if (isWithin(version, needed)) return check.ok("Node.js", `${version} (${needed})`);
  return check.wrong("Node.js", `${version}, must be ${needed}`, "install a newer one from https://nodejs.org");
}

function lookAtFramework(folder: string): Finding {
  const check = new Check("framework");
  const { cdktf: needed = "" } = neededVersions();
  const found = manifestOf("cdktf", folder);
  if (found === undefined) {
    const remedy = "run this command in an app's folder, or npm install cdktf constructs";
    return check.wrong("cdktf", `no package cdktf found from ${folder}`, remedy);
  }
  const { name, version } = found;
  // The fork is installed under the name of the original.
  const what = name === "cdktf" ? "cdktf" : `cdktf, which is ${name}`;
  if (isWithin(version, needed)) return check.ok(what, `${version} (${needed})`);
  return check.wrong(what, `${version}, must be ${needed}`, "npm install cdktf@0.21, or cdktf@npm:cdktn@0.24");
}

function lookAtCommandLine(folder: string, { PATH = "" }: NodeJS.ProcessEnv): Finding {
  const check = new Check("cdktf-cli");
  for (const name of ["cdktf", "cdktn"]) {
    const version = manifestOf(`${name}-cli`, folder)?.version;
    if (version !== undefined) return check.ok(`${name}-cli`, `${version}, in the app`);
    const file = PATH.split(delimiter)
      .map((each) => join(each, name))
      .find((each) => existsSync(each));
    if (file !== undefined) return check.ok(`${name}-cli`, `on the PATH, ${file}`);
  }
  const seen = "neither cdktf nor cdktn is in the app or on the PATH";
  return check.wrong("cdktf-cli", seen, "npm install --save-dev cdktf-cli");
}

async function lookAtTerraform(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const check = new Check("terraform");
  const { TERRAFORM_BINARY_NAME: named, TF_CLI_CONFIG_FILE: config } = environment;
  const program = named ?? "terraform";
  const findings: Finding[] = [];
  if (config && !existsSync(config)) {
    const remedy = "unset TF_CLI_CONFIG_FILE, or create that file";
    findings.push(new Check("terraform-config").wrong("TF_CLI_CONFIG_FILE", `${config}, which does not exist`, remedy));
  }
  const version = await versionOf(program, environment);
  if (version !== undefined) {
    const isNew = isWithin(version, `>=${OLDEST_TERRAFORM}`);
    const rule = `${OLDEST_TERRAFORM} or newer`;
    findings.push(
      isNew
        ? check.ok(program, `${version} (${rule})`)
        : check.wrong(program, `${version}, must be ${rule}`, "install a newer one"),
    );
    return findings;
  }
  const tofu = named === undefined ? await versionOf("tofu", environment) : undefined;
  const [seen, remedy] =
    tofu === undefined
      ? [`no program ${program} answers`, "install Terraform 1.4 or newer, or name another: TERRAFORM_BINARY_NAME"]
      : [`no program terraform answers; tofu ${tofu} does`, "export TERRAFORM_BINARY_NAME=tofu"];
  return [...findings, check.wrong(program, seen, remedy)];
}

async function versionOf(program: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const asked = { env: { ...environment, CHECKPOINT_DISABLE: "1" }, timeout: VERSION_MS };
    const { stdout } = await promisify(execFile)(program, ["version", "-json"], asked);
    const version = objectIn(stdout)?.terraform_version;
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
}

/** The manifest of a package that an app in a folder would load. */
function manifestOf(name: string, folder: string): PackageManifest | undefined {
  for (const place of createRequire(join(folder, "app.js")).resolve.paths(name) ?? []) {
    const file = join(place, name, "package.json");
    const manifest = existsSync(file) ? objectIn(readFileSync(file, "utf8")) : undefined;
    if (typeof manifest?.name === "string" && typeof manifest.version === "string") {
      return { name: manifest.name, version: manifest.version };
    }
  }
  return undefined;
}

/** Whether a version is in a range of the two forms in our manifest: `>=20.9`, and `>=0.21.0 <0.26`. */
export function isWithin(version: string, range: string): boolean {
  return range.split(" ").every((bound) => {
    const [, sign, limit] = /^(>=|<)([\d.]+)$/.exec(bound) ?? [];
    if (limit === undefined) throw new Error(`a bound must be >= or < with a version, got "${bound}"`);
    const order = compareVersions(version, limit);
    return sign === "<" ? order < 0 : order >= 0;
  });
}

function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split(/[.+-]/).slice(0, 3).map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
