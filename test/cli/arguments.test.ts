import { run } from "../../cli/run";

const PLACE = ["--bucket", "logs-1250000000", "--region", "ap-guangzhou", "--prefix", "quarantine/"];
const REPLAY = ["replay", ...PLACE, "--function", "batch"];

async function ran(...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const status = await run(args, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { ...written, status };
}

const before = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("TENCENTCLOUD_")) delete process.env[name];
});
afterEach(() => {
  process.env = { ...before };
});

describe("the command line", () => {
  it.each(["--help", "-h", "quarantine list --help", "replay -h"])(
    "tells how where it is tencent-logs %s",
    async (line) => {
      expect(await ran(...line.split(" "))).toMatchObject({
        stdout: expect.stringMatching(/^Usage: tencent-logs /),
        stderr: "",
        status: 0,
      });
    },
  );

  it("tells how where it is empty, as an error", async () => {
    expect(await ran()).toMatchObject({ stdout: expect.stringContaining("quarantine list"), status: 2 });
  });

  const REFUSED: [string[], string][] = [
    [["quarantine"], 'command must be one of quarantine list, got "quarantine"; see --help'],
    [["replay", "--what"], "Unknown option '--what'; see --help"],
    [["replay", "--key"], "Option '--key <value>' argument missing; see --help"],
    [["replay", "extra"], "Unexpected argument 'extra'"],
    [["quarantine", "list"], "--bucket must be a bucket with its APPID, name-1250000000, got nothing; see --help"],
    [["quarantine", "list", ...PLACE, "--bucket", "logs"], 'name-1250000000, got "logs"'],
    [["quarantine", "list", ...PLACE, "--region", "gz"], '--region must be a region, such as ap-guangzhou, got "gz"'],
    [
      ["quarantine", "list", ...PLACE, "--prefix", "q"],
      '--prefix must be the pipeline\'s quarantine prefix, which ends with /, got "q"',
    ],
    [["replay", ...PLACE, "--all"], "--function must be a function's name, got nothing"],
    [REPLAY, "one of --key, --under and --all must be given, got 0"],
    [[...REPLAY, "--all", "--key", "k"], "one of --key, --under and --all must be given, got 2"],
    [[...REPLAY, "--all", "--concurrency", "33"], '--concurrency must be 1 to 32, got "33"'],
    [[...REPLAY, "--all"], "TENCENTCLOUD_SECRET_ID must be set, got nothing; export the keys that you deploy with"],
  ];
  it.each(REFUSED.map(([args, message]) => [message, args] as const))(
    "is told in one line: %s",
    async (message, args) => {
      const { stdout, stderr, status } = await ran(...args);
      expect(stderr).toContain(message);
      expect(stderr.match(/\n/g)).toHaveLength(1);
      expect({ stdout, status }).toEqual({ stdout: "", status: 2 });
    },
  );
});
