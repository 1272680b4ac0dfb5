import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NotRunError } from "../deploy/not-run";
import { run, runToSuccess, type Command } from "../deploy/process";
import { runInstall } from "../cdktn/tree";

/** A package manager, as a user's project is installed with it. */
export interface Manager {
  readonly name: string;
  /** Where it comes from; npm is there already. `program` is its file within the package. */
  readonly from?: { readonly package: string; readonly version: string; readonly program: string };
  readonly install: readonly string[];
  /** What stands before the name of a program that an installed package brings. */
  readonly exec: readonly string[];
  /** What starts Node where Node alone would not find what is installed. */
  readonly node?: readonly string[];
  /** Files that choose how it works, by their names. */
  readonly files?: Readonly<Record<string, string>>;
}

export const NPM: Manager = {
  name: "npm",
  install: ["install", "--no-audit", "--no-fund"],
  exec: ["exec", "--offline", "--"],
};

export const PNPM: Manager = {
  name: "pnpm 9",
  from: { package: "pnpm", version: "9.15.9", program: "bin/pnpm.cjs" },
  install: ["install"],
  exec: ["exec"],
};

export const YARN_1: Manager = {
  name: "Yarn 1",
  from: { package: "yarn", version: "1.22.22", program: "bin/yarn.js" },
  install: ["install", "--non-interactive"],
  exec: ["--silent", "run"],
};

/** A lock file of its own: without one, Yarn 4 looks for a project further up. */
const YARN_4 = {
  from: { package: "@yarnpkg/cli-dist", version: "4.18.1", program: "bin/yarn.js" },
  install: ["install"],
  exec: ["run"],
  node: ["node"],
};

export const YARN_4_MODULES: Manager = {
  ...YARN_4,
  name: "Yarn 4, node_modules",
  files: { "yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n" },
};

/** Yarn sees by itself that a whole package is an ES module, but not that one file is. */
export const YARN_4_PNP: Manager = {
  ...YARN_4,
  name: "Yarn 4, Plug'n'Play",
  files: { "yarn.lock": "", ".yarnrc.yml": "nodeLinker: pnp\npnpEnableEsmLoader: true\n" },
};

/** Package managers in a folder of their own, which keep what they download there too. */
export class Managers {
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  private constructor(folder: string, registry: string) {
    this.#folder = folder;
    this.#environment = environmentOf(folder, registry);
  }

  /** Installs package managers. Throws {@link NotRunError} where one is not to be had. */
  static async install(managers: readonly Manager[], folder: string): Promise<Managers> {
    mkdirSync(folder);
    const dependencies = Object.fromEntries(
      managers.flatMap(({ from }) => (from ? [[from.package, from.version]] : [])),
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
    const npm = { program: "npm", cwd: folder, env: process.env };
    const registry = await runToSuccess({ ...npm, args: ["config", "get", "registry"] });
    const { status, output } = await run({ ...npm, args: NPM.install });
    if (status !== 0) throw new NotRunError(`${Object.keys(dependencies).join(", ")} cannot be installed:\n${output}`);
    return new Managers(folder, registry.trim());
  }

  /** Installs what a project's `package.json` says. */
  async installProject(manager: Manager, project: string): Promise<void> {
    for (const [name, text] of Object.entries(manager.files ?? {})) writeFileSync(join(project, name), text);
    await runInstall(this.#command(manager, manager.install, project));
  }

  /** Runs a script of a project in Node. Resolves to what it wrote to standard output. */
  node(manager: Manager, project: string, ...args: string[]): Promise<string> {
    if (manager.node) return runToSuccess(this.#command(manager, [...manager.node, ...args], project));
    return runToSuccess({ program: process.execPath, args, cwd: project, env: this.#environment });
  }

  /** Runs a program that an installed package brings. Resolves to what it wrote to standard output. */
  exec(manager: Manager, project: string, ...args: string[]): Promise<string> {
    return runToSuccess(this.#command(manager, [...manager.exec, ...args], project));
  }

  #command({ from }: Manager, args: readonly string[], cwd: string): Command {
    const env = this.#environment;
    if (from === undefined) return { program: "npm", args, cwd, env };
    const program = join(this.#folder, "node_modules", from.package, from.program);
    return { program: process.execPath, args: [program, ...args], cwd, env };
  }
}

/**
 * Variables for all package managers: the registry that npm is configured with, caches of their own, since the tarball's
 * name says nothing of its contents, and in CI too, a first install that writes its lock file.
 */
function environmentOf(folder: string, registry: string): Record<string, string | undefined> {
  // npm tells those that it starts what it was started with, which others take for their own.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    npm_config_registry: registry,
    npm_config_store_dir: join(folder, "pnpm-store"),
    npm_config_frozen_lockfile: "false",
    YARN_REGISTRY: registry,
    YARN_CACHE_FOLDER: join(folder, "yarn-cache"),
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).protocol === "http:" ? new URL(registry).hostname : "",
    YARN_GLOBAL_FOLDER: join(folder, "yarn-global"),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_TELEMETRY: "0",
    CHECKPOINT_DISABLE: "1",
  };
}
