import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Binary, BinaryName } from "./binary";
import { NotRunError } from "./not-run";
import { cleanEnvironment, run } from "./process";

const SOURCE = "tencentcloudstack/tencentcloud";
const CONSTRAINT = ">= 1.83.16, < 2.0.0";

/** Variable that names a folder of providers, laid out as `terraform providers mirror` does. */
const MIRROR_VARIABLE = "TENCENT_LOGS_PROVIDER_MIRROR";

const REGISTRIES: Record<BinaryName, string> = { terraform: "registry.terraform.io", tofu: "registry.opentofu.org" };

/** Where a program's provider comes from. */
export interface ProviderSource {
  readonly from: string;
  /** The variables that make a program find it. */
  readonly env: Readonly<Record<string, string>>;
}

/** A provider that was found. */
export interface Provider extends ProviderSource {
  /** A folder that is initialized with it, and holds nothing else. */
  readonly folder: string;
}

/**
 * Finds the real provider: what `init` reaches by itself, else a mirror folder that {@link MIRROR_VARIABLE} names. Throws
 * {@link NotRunError}, which says what was tried, where neither has it.
 */
export async function findProvider(
  binary: Binary,
  folder: string,
  mirror: string | undefined = process.env[MIRROR_VARIABLE],
): Promise<Provider> {
  const cache = process.env.TF_PLUGIN_CACHE_DIR ?? join(folder, "plugin-cache");
  mkdirSync(cache, { recursive: true });
  const ways: ProviderSource[] = [{ from: `what ${binary.name} init reaches`, env: { TF_PLUGIN_CACHE_DIR: cache } }];
  if (mirror) ways.push(mirrorSource(binary.name, resolve(mirror), folder));

  const failures: string[] = [];
  for (const way of ways) {
    const probe = join(folder, `probe-${failures.length}`);
    const failure = await tryInit(binary, way, probe);
    if (failure === undefined) return { ...way, folder: probe };
    failures.push(`${way.from}: ${failure}`);
  }
  if (!mirror) failures.push(`${MIRROR_VARIABLE}: not set`);
  throw new NotRunError(
    `no provider ${SOURCE} (${CONSTRAINT}); tried ${failures.join("; ")}. Let ${binary.name} init reach its registry, or set ` +
      `${MIRROR_VARIABLE} to a folder made by "terraform providers mirror"`,
  );
}

/**
 * Throws {@link NotRunError} where there is no provider for OpenTofu to be had: to be called before it is built, which
 * takes minutes.
 */
export async function expectProviderForTofu(mirror: string | undefined = process.env[MIRROR_VARIABLE]): Promise<void> {
  if (mirror || process.env.TF_CLI_CONFIG_FILE) return;
  try {
    await fetch(`https://${REGISTRIES.tofu}/.well-known/terraform.json`, { signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    const { cause, message } = error as Error;
    throw new NotRunError(
      `no terraform and no tofu on the PATH, and OpenTofu is not built, since there is no provider ${SOURCE} for it: ` +
        `${REGISTRIES.tofu} does not answer (${cause instanceof Error ? cause.message : message}); ` +
        `${MIRROR_VARIABLE}: not set. Install Terraform where its registry can be reached, or set ${MIRROR_VARIABLE} to ` +
        `a folder made by "terraform providers mirror"`,
    );
  }
}

/** A CLI configuration that takes the provider from a folder. */
function mirrorSource(binary: BinaryName, mirror: string, folder: string): ProviderSource {
  const registry = REGISTRIES[binary];
  const renamed = binary === "tofu" && !existsSync(join(mirror, registry));
  const path = renamed ? renamedMirror(mirror, registry, folder) : mirror;
  const file = join(folder, "mirror.tfrc");
  const include = JSON.stringify(`${registry}/tencentcloudstack/*`);
  writeFileSync(
    file,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(path)}\n    include = [${include}]\n  }\n` +
      `  direct {\n    exclude = [${include}]\n  }\n}\n`,
  );
  return { from: `${MIRROR_VARIABLE} (${mirror})`, env: { TF_CLI_CONFIG_FILE: file } };
}

/** A mirror that was made for Terraform, under the name that OpenTofu looks for. */
function renamedMirror(mirror: string, registry: string, folder: string): string {
  const path = join(folder, "mirror");
  linkTree(join(mirror, REGISTRIES.terraform), join(path, registry), MIRROR_LEVELS);
  return path;
}

/** Folders in a mirror of a registry: owner, name, version. */
const MIRROR_LEVELS = 3;

/** A folder of its own with links to what is in another, so many levels down: OpenTofu follows no link above those. */
function linkTree(from: string, to: string, levels: number): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory() && levels > 0) linkTree(source, target, levels - 1);
    else symlinkSync(source, target);
  }
}

/** Runs `init` for the provider alone. Returns why it failed, or nothing. */
async function tryInit(binary: Binary, { env }: ProviderSource, folder: string): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true });
  const provider = { source: SOURCE, version: CONSTRAINT };
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: { tencentcloud: provider } } }),
  );
  const args = ["init", "-no-color", "-input=false"];
  const { status, output } = await run({
    program: binary.program,
    args,
    cwd: folder,
    env: { ...cleanEnvironment(), ...env },
  });
  return status === 0 ? undefined : reasonOf(output);
}

/** The sentence of Terraform's error that tells the reason. */
function reasonOf(output: string): string {
  const text = output.replace(/[│╷╵]/g, " ").replace(/\s+/g, " ");
  return /Error: (.*?)(?: To see which modules| If you believe|$)/.exec(text)?.[1]?.trim() ?? text.trim();
}
