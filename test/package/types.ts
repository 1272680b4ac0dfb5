import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CDKTF } from "../cdktn/frameworks";
import { npmInstall } from "../cdktn/tree";
import { runToSuccess } from "../deploy/process";
import { copyConsumer, manifestOf, type PackageTest } from "./project";

/** The last of each version that the types are for. */
const COMPILERS = ["5.4.5", "5.5.4", "5.6.3", "5.7.3", "5.8.3", "5.9.3", "6.0.3", "7.0.2"];

/** How projects find modules. Without `moduleResolution`, each compiler has a default of its own for CommonJS. */
const MODULES = {
  commonjs: { module: "commonjs" },
  node16: { module: "node16" },
  nodenext: { module: "nodenext" },
  bundler: { module: "preserve", moduleResolution: "bundler" },
};

/** One run of a compiler. */
interface Form {
  readonly compiler: string;
  readonly modules: keyof typeof MODULES;
  /** Whether the project has `@types/node`. */
  readonly node: boolean;
}

const ALL: readonly Form[] = COMPILERS.flatMap((compiler) =>
  (Object.keys(MODULES) as Form["modules"][]).flatMap((modules) =>
    [true, false].map((node) => ({ compiler, modules, node })),
  ),
);

/** The oldest and the newest compiler, each way to find modules, with Node's types and without in turns. */
const QUICK = ALL.filter(
  ({ compiler, modules, node }) =>
    [COMPILERS[0], COMPILERS.at(-1)].includes(compiler) && node === ["node16", "bundler"].includes(modules),
);

/** Type-checks a strict project that looks into all declarations, and then the examples as they are in the package. */
export async function testTypes(test: PackageTest, isQuick: boolean): Promise<void> {
  const forms = isQuick ? QUICK : ALL;
  const project = join(test.folder, "types");
  const step = <T>(title: string, run: () => Promise<T>): Promise<T> => test.report.step("TypeScript", title, run);

  await step("npm install", () => install(project, test, [...new Set(forms.map(({ compiler }) => compiler))]));
  for (const form of forms) await step(titleOf(form), () => compile(project, form));
  await step("the examples", () => compileExamples(project));
}

function titleOf({ compiler, modules, node }: Form): string {
  return `${compiler}, ${modules}, ${node ? "with" : "without"} @types/node`;
}

/** Each compiler stands under a name of its own. */
const nameOf = (compiler: string): string => `typescript-${compiler}`;

async function install(project: string, { root, tarball }: PackageTest, compilers: readonly string[]): Promise<void> {
  mkdirSync(project);
  const dependencies = {
    ...CDKTF.dependencies,
    "cdktf-tencent-logs": `file:${tarball}`,
    "@types/node": manifestOf(root).devDependencies["@types/node"],
    "@types/jest": manifestOf(root).devDependencies["@types/jest"],
    ...Object.fromEntries(compilers.map((compiler) => [nameOf(compiler), `npm:typescript@${compiler}`])),
  };
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, dependencies }));
  copyConsumer(project);
  // The same as an ES module, where Node's rules tell the two apart.
  cpSync(join(project, "types.ts"), join(project, "types.mts"));
  await npmInstall(project);
}

async function compile(project: string, { compiler, modules, node }: Form): Promise<void> {
  const files = modules.startsWith("node") ? ["types.ts", "types.mts"] : ["types.ts"];
  // What `cdktf init` sets; without Node's types nothing else is declared, not even what a browser has.
  const options = { ...MODULES[modules], target: "ES2018", lib: ["ES2018"], types: node ? ["node"] : [] };
  await runCompiler(project, compiler, options, files);
}

/** They use Node, and their tests jest. */
async function compileExamples(project: string): Promise<void> {
  cpSync(join(project, "node_modules/cdktf-tencent-logs/examples"), join(project, "examples"), { recursive: true });
  await runCompiler(project, COMPILERS[0], { module: "node16", target: "ES2022", types: ["node", "jest"] }, undefined);
}

async function runCompiler(
  project: string,
  compiler: string,
  options: object,
  files?: readonly string[],
): Promise<void> {
  const compilerOptions = { strict: true, skipLibCheck: false, noEmit: true, ...options };
  const sources = files === undefined ? { include: ["examples"] } : { files };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, ...sources }));
  const program = join(project, "node_modules", nameOf(compiler), "bin/tsc");
  await runToSuccess({ program: process.execPath, args: [program, "--project", "."], cwd: project, env: process.env });
}
