import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { buildSync } from "esbuild";
import * as ts from "typescript";
import { anchorsOf, linksOf, ROOT, textOf } from "../docs/markdown";

/**
 * Largest that the tarball, and what it unpacks to, may be: docs/dependencies.md tells users. Raised for monitors, whose
 * handler, definition, state and commands weigh 200 KB in the tarball; the test before shows that all of it is reached. Again for
 * the local cloud of `dev` and `local`, and for the graph and the live page, 195 KB unpacked. Again for Parquet: 242 KB of zstd,
 * which is WebAssembly that no tarball makes smaller, and 37 KB for the rest; each is in a zip only where it is asked for. Again for the
 * docs in Chinese, which are whole pages now: 70 KB, and 170 KB unpacked.
 */
const MAX_TARBALL_BYTES = 2_550_000;
const MAX_UNPACKED_BYTES = 9_400_000;

/** What browsers get of us. */
const MAX_PAGE_BYTES = 64 * 1024;

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string } | string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(textOf("package.json")) as Manifest;
const entries = Object.values(manifest.exports).flatMap((entry) => (typeof entry === "string" ? [] : [entry]));

/** Files that code reads: it deploys them, tells their licences, or sends them to a browser. */
const READ =
  /^dist\/(handlers|page|parts|notices)\/[\w./-]+\.(css|js|txt)$|^dist\/deploy\/cls-delivery\.js$|^dist\/live\/logs\.py$/;
/** Files for people, and for their editors. */
const PAGES =
  /^(README|README\.zh-CN|CHANGELOG|CONTRIBUTING|SECURITY)\.md$|^LICENSE$|^docs\/.*\.md$|^examples\/|^dist\/THIRD_PARTY_NOTICES\.txt$|^dist\/monitor\/definition\.schema\.json$/;

let packed: Packed;
let files: Set<string>;
let code: { readonly files: string[]; readonly packages: string[] };
beforeAll(() => {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const written = execFileSync("npm", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  [packed] = JSON.parse(written) as [Packed];
  files = new Set(packed.files.map(({ path }) => path));
  code = codeReached();
});

/** What a bundler finds that the package's code needs: files of ours, and packages by their names. */
function codeReached(): { files: string[]; packages: string[] } {
  const { inputs } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [...entries.map(({ default: main }) => main), ...Object.values(manifest.bin)],
    bundle: true,
    platform: "node",
    packages: "external",
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  }).metafile;
  const external = Object.values(inputs).flatMap((input) => input.imports.filter((one) => one.external));
  const names = external.map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  return { files: Object.keys(inputs), packages: [...new Set(names)].filter((name) => !isBuiltin(name)) };
}

function isBuiltin(name: string): boolean {
  return name.startsWith("node:") || builtinModules.includes(name);
}

/** What the compiler finds that the package's types need. */
function typesReached(): string[] {
  const program = ts.createProgram(
    entries.map(({ types }) => join(ROOT, types)),
    { module: ts.ModuleKind.Node16, types: [], noLib: true },
  );
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(join(ROOT, "dist")));
  return own.map(({ fileName }) => fileName.slice(ROOT.length + 1));
}

describe("the tarball", () => {
  it("holds all code and all types that its entry points reach, and no others", () => {
    const reached = [...code.files, ...typesReached()].sort();
    const held = [...files]
      .filter((file) => /\.js$|\.d\.ts$/.test(file) && !READ.test(file) && !PAGES.test(file))
      .sort();
    expect(held).toEqual(reached);
  });

  it("holds besides only what the code reads, and what people read", () => {
    const others = [...files].filter((file) => !/\.js$|\.d\.ts$/.test(file) && !READ.test(file) && !PAGES.test(file));
    expect(others).toEqual(["package.json"]);
  });

  it("is small", () => {
    expect(packed.size).toBeLessThan(MAX_TARBALL_BYTES);
    expect(packed.unpackedSize).toBeLessThan(MAX_UNPACKED_BYTES);
  });

  it("has a small page, and no pictures", () => {
    const page = [...files].filter((file) => file.startsWith("dist/page/"));
    expect(page.reduce((sum, file) => sum + statSync(join(ROOT, file)).size, 0)).toBeLessThan(MAX_PAGE_BYTES);
    expect([...files].filter((file) => file.startsWith("docs/images/"))).toEqual([]);
  });

  it("needs only packages that it declares", () => {
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    expect(code.packages.filter((name) => !declared.includes(name))).toEqual([]);
  });

  it("runs nothing where it is installed", () => {
    const hooks = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];
    expect(hooks.filter((hook) => hook in manifest.scripts)).toEqual([]);
  });

  it("has the notices of every file that it hands on with code of others", () => {
    const kafka = readFileSync(join(ROOT, "dist/notices/out-kafka.js.txt"), "utf8");
    expect(kafka).toContain("kafkajs");
    const notices = [...files].filter((file) => file.startsWith("dist/notices/"));
    const all = textOf("dist/THIRD_PARTY_NOTICES.txt");
    const titles = notices.flatMap((file) => textOf(file).match(/^\S+ \d+\.\d+\.\d+\S* \(.+\)$/gm) ?? []);
    expect(titles.length).toBeGreaterThan(5);
    expect(titles.filter((title) => !all.includes(title))).toEqual([]);
  });

  it("has pages whose links lead to what it holds", () => {
    const faults = [...files]
      .filter((file) => file.endsWith(".md"))
      .flatMap((page) => linksOf(textOf(page)).map((target) => ({ page, target, fault: faultOf(page, target) })));
    expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([]);
  });
});

/** Why a link does not lead to a file of the tarball; undefined where it does, or leads to the web. */
function faultOf(page: string, target: string): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined;
  const [path, anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  // Pictures stand in the repository alone: they would be a tenth of the tarball, and their texts say what they show.
  if (file.startsWith("docs/images/")) return existsSync(join(ROOT, file)) ? undefined : `${file} does not exist`;
  if (![...files].some((held) => held === file || held.startsWith(`${file}/`))) return `${file} is not in the tarball`;
  if (anchor === undefined || !existsSync(join(ROOT, file))) return undefined;
  return anchorsOf(textOf(file)).has(anchor) ? undefined : `${file} has no heading #${anchor}`;
}
