import { run } from "../../cli/run";
import { textOf } from "../docs/markdown";

async function ran(line: string) {
  const written = { stdout: "", stderr: "" };
  const status = await run(line.split(" "), {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { ...written, status };
}

/** Commands by what the help of all says: two spaces, the name, two spaces or more, what it does. */
async function commandsOf(line: string): Promise<string[]> {
  const { stdout } = await ran(line);
  return [...stdout.matchAll(/^ {2}([a-z]+(?: [a-z-]+)?) {2,}\S/gm)].map(([, name]) => name);
}

/** The lines below "Examples". */
function examplesOf(help: string): string[] {
  const [, examples = ""] = help.split(/^Examples\b.*:$/m);
  return examples.split("\n").filter((line) => line !== "");
}

let commands: string[];
beforeAll(async () => {
  commands = await commandsOf("help");
});

describe("help", () => {
  it("of all is the same by each of its names", async () => {
    expect(commands).toContain("rules check");
    const { stdout } = await ran("help");
    for (const line of ["--help", "-h"]) expect(await ran(line)).toEqual({ stdout, stderr: "", status: 0 });
  });

  it("of a command is the same by both of its names", async () => {
    for (const command of commands) {
      const { stdout, status } = await ran(`help ${command}`);
      expect(stdout).toMatch(new RegExp(`^Usage: tencent-logs ${command}[ \n]`));
      expect(status).toBe(0);
      expect((await ran(`${command} --help`)).stdout).toBe(stdout);
    }
  });

  it("of a group lists the group's commands alone", async () => {
    const expected = commands.filter((command) => command.startsWith("rules "));
    for (const line of ["help rules", "rules --help", "rules -h"]) expect(await commandsOf(line)).toEqual(expected);
  });

  it("of a command has examples, of that command and with flags that it tells", async () => {
    for (const command of commands) {
      const { stdout } = await ran(`help ${command}`);
      const examples = examplesOf(stdout);
      expect([command, examples.length > 1]).toEqual([command, true]);
      const [told] = stdout.split(/^Examples/m);
      for (const example of examples) {
        expect(example).toContain(`tencent-logs ${command} `);
        const [call] = example.split(/ [|>#]/);
        expect((call.match(/--[a-z-]+/g) ?? []).filter((flag) => !told.includes(`${flag} `))).toEqual([]);
      }
    }
  });

  it("of what is no command says so", async () => {
    expect(await ran("help rules chek")).toMatchObject({
      stdout: "",
      stderr: expect.stringMatching(/got "rules chek"; did you mean rules check\?\n$/),
      status: 2,
    });
  });
});

describe("a typing error", () => {
  it.each([
    ["rules chek a.sls", "did you mean rules check?"],
    ["rule check a.sls", "did you mean rules check?"],
    ["reply --all", "did you mean replay?"],
    ["quarantine lst", "did you mean quarantine list?"],
    ["rulse", "did you mean rules?"],
    ["quarantine", "see --help"],
    [
      "monitor",
      'command must be one of monitor check, monitor test, monitor try, monitor send-test, monitor run, got "monitor"; see --help',
    ],
    ["install", "see --help"],
    ["dv --once", 'command must be one that help lists, got "dv --once"; did you mean dev?'],
    ["--verison", "did you mean --version?"],
    ["version", "did you mean --version?"],
    ["rules check a.sls --outpt errors", "Unknown option '--outpt'; did you mean --output?"],
    ["replay --dryrun", "Unknown option '--dryrun'; did you mean --dry-run?"],
    ["replay --color", "Unknown option '--color'; see --help"],
  ])("in %s is told in a line that ends with what to do", async (line, hint) => {
    const { stdout, stderr, status } = await ran(line);
    expect(stderr.endsWith(`${hint}\n`)).toBe(true);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect({ stdout, status }).toEqual({ stdout: "", status: 2 });
  });
});

describe("the version", () => {
  it("is that of the package", async () => {
    const { version } = JSON.parse(textOf("package.json")) as { version: string };
    expect(await ran("--version")).toEqual({ stdout: `${version}\n`, stderr: "", status: 0 });
  });
});

describe("docs/command.md", () => {
  it("has each command in its table, and in that of what counts as failed", () => {
    const tables = textOf("docs/command.md").split(/^## /m);
    const rowsOf = (section: string) => [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
    const listed = tables.map(rowsOf).filter((rows) => rows.length > 0);
    expect(listed).toEqual([commands, commands]);
  });
});
