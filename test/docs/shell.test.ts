import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { projectFiles } from "../../cli/init/files";
import { run } from "../../cli/run";
import { blocksOf, ROOT, textOf, withoutFences } from "./markdown";
import { commandsOf, inlineCommandsOf, type Command } from "./support/commands";
import { CODE_PAGES } from "./support/pages";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

const starter = projectFiles({
  name: "a",
  region: "ap-guangzhou",
  appId: "1250000000",
  projectId: "a",
  packageSpec: "*",
});
/** Those of the package, and those of a project that `init` writes. */
const scripts = [textOf("package.json"), starter["package.json"]].reduce<Manifest["scripts"]>(
  (all, manifest) => ({ ...all, ...(JSON.parse(manifest) as Manifest).scripts }),
  {},
);

const commands = CODE_PAGES.flatMap((page) => [
  ...blocksOf(page)
    .filter(({ language, notes }) => language === "sh" && notes.shape === undefined)
    .flatMap(commandsOf),
  ...inlineCommandsOf(page, withoutFences(textOf(page)), /^(npx )?tencent-logs |^npm (run|start|test)/),
]);

/** Calls of one program, with the words behind its name. */
function callsOf(...program: string[]): Command[] {
  return commands
    .filter(({ words }) => program.every((word, index) => words[index] === word))
    .map(({ place, words }) => ({ place, words: words.slice(program.length) }));
}

function flagsIn(words: readonly string[]): string[] {
  return words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.split("=")[0]);
}

/** The help of the command that a line calls, by its first two words or by one. */
async function helpOf(words: readonly string[]): Promise<string | undefined> {
  const names = words.slice(0, 2).filter((word) => /^[a-z][a-z-]*$/.test(word));
  for (const name of [names, names.slice(0, 1)]) {
    if (name.length === 0) continue;
    let said = "";
    const console = { write: (text: string): unknown => (said += text) };
    if ((await run([...name, "--help"], { stdout: console, stderr: console })) === 0) return said;
  }
  return undefined;
}

/** What is wrong with a call: there is no such command, or its help tells of no such flag. */
async function faultsOf(words: readonly string[]): Promise<string[]> {
  const help = await helpOf(words);
  if (help === undefined) return [`tencent-logs ${words.join(" ")} is no command`];
  return flagsIn(words)
    .filter((flag) => !new RegExp(`(^|[\\s,\\[(|])${flag}(?![\\w-])`, "m").test(help))
    .map((flag) => `${words.slice(0, 2).join(" ")} has no flag ${flag}`);
}

describe("the calls of tencent-logs in the docs", () => {
  const calls = [...callsOf("npx", "tencent-logs"), ...callsOf("tencent-logs")].filter(
    // `COMMAND` stands for any, and these two take no other.
    ({ words }) => words.length > 0 && !/^(COMMAND|help|--version|--help)$/.test(words[0]),
  );

  it("name commands that there are, with flags that their help tells of", async () => {
    expect(calls.length).toBeGreaterThan(40);
    const faults: string[] = [];
    for (const { place, words } of calls) for (const fault of await faultsOf(words)) faults.push(`${place} ${fault}`);
    expect(faults).toEqual([]);
  });

  it("are told apart where there is no such command or flag", async () => {
    expect(await faultsOf(["tial", "x"])).toEqual(["tencent-logs tial x is no command"]);
    expect(await faultsOf(["rules", "check", "a.sls", "--ouput", "errors"])).toEqual([
      "rules check has no flag --ouput",
    ]);
    expect(await faultsOf(["tail", "x", "-r", "ap-guangzhou", "--json"])).toEqual([]);
  });
});

describe("the other commands in the docs", () => {
  it("are scripts of the package, or of a project that init writes", () => {
    const named = callsOf("npm", "run").map(({ place, words }) => ({ place, name: words.find((word) => !word.startsWith("-")) ?? "" })); // prettier-ignore
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ name }) => name !== "NAME" && scripts[name] === undefined)).toEqual([]);
  });

  it("are examples that there are", () => {
    const examples = readdirSync(join(ROOT, "examples"));
    const named = callsOf("npm", "start", "--", "--example").map(({ place, words: [name] }) => ({ place, name }));
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter(({ name }) => name !== "NAME" && !examples.includes(name))).toEqual([]);
  });

  it("are commands and flags of cdktf", () => {
    const handlers = join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf.js");
    expect(existsSync(handlers)).toBe(true);
    const code = readFileSync(handlers, "utf8");
    const calls = callsOf("npx", "cdktf");
    expect(calls.length).toBeGreaterThan(10);
    const unknown = calls.flatMap(({ place, words }) => [
      ...(new RegExp(`["'\`]${words[0]}[ "'\`]`).test(code) ? [] : [`${place} cdktf ${words[0]}`]),
      ...flagsIn(words).filter((flag) => !code.includes(`"${flag.slice(2)}"`)).map((flag) => `${place} ${flag}`), // prettier-ignore
    ]);
    expect(unknown).toEqual([]);
  });
});
