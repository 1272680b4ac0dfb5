import { appendFileSync, cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";
import { findStackFolder } from "../../local/plan/stack";
import { cleanEnvironment, runToSuccess } from "./process";

/** Text that is replaced in an app, and by what: what a user edits. */
export type Edit = readonly [from: string, to: string];

/**
 * A copy of the built package with its examples, in which a test may do what users and new releases do: edit an app, or
 * come with another handler.
 */
export class Release {
  constructor(
    root: string,
    private readonly folder: string,
  ) {
    mkdirSync(folder, { recursive: true });
    cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
    cpSync(join(root, "package.json"), join(folder, "package.json"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  }

  /** The example's compiled app. */
  appFile(example: string): string {
    return join(this.folder, "dist/examples", example, "main.js");
  }

  /** Adds an app that is no example, from its TypeScript. */
  addApp(name: string, file: string): void {
    const { code } = transformSync(readFileSync(file, "utf8"), { loader: "ts", format: "cjs" });
    mkdirSync(dirname(this.appFile(name)), { recursive: true });
    writeFileSync(this.appFile(name), code);
  }

  /** Edits an example's app, or another of its files. Throws where the text is not there. */
  edit(example: string, edits: readonly Edit[], name = "main.js"): void {
    const file = join(dirname(this.appFile(example)), name);
    let source = readFileSync(file, "utf8");
    for (const [from, to] of edits) {
      if (!source.includes(from)) throw new Error(`${file} must hold ${JSON.stringify(from)} for the test to edit`);
      source = source.replace(from, () => to);
    }
    writeFileSync(file, source);
  }

  /** Changes the code of all handlers: each says `line` when it is loaded. */
  changeHandlers(line: string): void {
    const handlers = join(this.folder, "dist/handlers");
    for (const name of readdirSync(handlers)) {
      appendFileSync(join(handlers, name, "index.js"), `\nconsole.log(${JSON.stringify(line)});\n`);
    }
  }

  /** Synthesizes an example in a project's folder and returns its stack's folder. */
  async synth(example: string, project: string): Promise<string> {
    const outdir = join(project, "cdktf.out");
    mkdirSync(outdir, { recursive: true });
    const env = { ...cleanEnvironment(), CDKTF_OUTDIR: outdir };
    await runToSuccess({ program: process.execPath, args: [this.appFile(example)], cwd: project, env });
    return findStackFolder(outdir);
  }
}
