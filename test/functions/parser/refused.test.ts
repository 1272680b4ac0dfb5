import { spawnSync } from "node:child_process";
import { join } from "node:path";

const DIST = join(__dirname, "../../../dist/functions/parser");

/** Reads lines in a process of its own, as the package is built; says whether there is a scanner, and what was read. */
const SCRIPT = `
  const { parse } = require(${JSON.stringify(join(DIST, "parse.js"))});
  const { scanner } = require(${JSON.stringify(join(DIST, "scan/scanner.js"))});
  (async () => {
    const counts = { lines: 0, records: 0, invalid: 0 };
    const fields = [];
    const options = { object: "o", check: "json", maxLineBytes: 1000 };
    for await (const { records } of parse([Buffer.from('{"a":[1,"中"]}\\n{"b":12345678901234567890}\\nx')], options, counts)) {
      for (const record of records) fields.push([record.get("a"), record.fields]);
    }
    console.log(JSON.stringify([scanner() !== undefined, counts, fields]));
  })();
`;

const READ = [
  { lines: 3, records: 2, invalid: 1, bigNumbers: 1 },
  [
    [[1, "中"], { a: [1, "中"] }],
    [null, { b: "12345678901234567890" }],
  ],
];

describe("the same records come", () => {
  it.each<[string, boolean, string, string[]]>([
    ["by the scanner", true, process.execPath, ["-e", SCRIPT]],
    ["without WebAssembly, as with --jitless", false, process.execPath, ["--jitless", "-e", SCRIPT]],
    [
      "where there is too little address space for its memory",
      false,
      "sh",
      ["-c", 'ulimit -v 4000000 && exec "$0" -e "$1"', process.execPath, SCRIPT],
    ],
    [
      "by the scanner where code from strings is forbidden",
      true,
      process.execPath,
      ["--disallow-code-generation-from-strings", "-e", SCRIPT],
    ],
  ])("%s", (_, hasScanner, command, args) => {
    const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
    if (stdout === "") throw new Error(stderr);
    expect(JSON.parse(stdout)).toEqual([hasScanner, ...READ]);
  });
});
