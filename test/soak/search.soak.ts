import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { openSearcher, type Searcher } from "../../functions/parser/search/searcher";
import { findMiss, finds, MUST_FIND } from "../functions/parser/search/suite";
import { findBusy } from "../functions/processors/idle-suite";
import { SEARCH_FAULTS } from "./support/planted-faults";

const ROOT = join(__dirname, "../..");
const SOURCES = join(ROOT, "functions/parser/search/assembly");
const LINES = Number(process.env.LOGS_LINES ?? 10_000_000);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

it.each([
  ["vectors", 0.5, openSearcher()],
  ["a regular expression", 0.3, undefined],
])("what a condition needs is found in each line of which it holds, with %s", (engine, share, searcher) => {
  const tally = { looks: 0, held: 0, spared: 0 };
  findMiss(searcher, SEED, LINES * share, tally);
  const { looks, held, spared } = tally;
  console.log(`${looks} lines looked at with ${engine}: ${held} fit, ${spared} need no look (LOGS_SEED=${SEED})`);
  expect(held).toBeGreaterThan(looks / 200);
});

it("rules do nothing to records that are said to be left alone", async () => {
  const tally = { texts: 0, told: 0, records: 0, idle: 0 };
  await findBusy(SEED, LINES / 5, tally);
  const { texts, told, records, idle } = tally;
  console.log(`${told} of ${texts} rule texts, ${idle} of ${records} records idle (LOGS_SEED=${SEED})`);
  expect(idle).toBeGreaterThan(records / 20);
});

describe("a fault planted in the search is found:", () => {
  it.each(SEARCH_FAULTS)("%s: %s becomes %s", (path, code, fault) => {
    const file = basename(path);
    const folder = mkdtempSync(join(tmpdir(), "search-"));
    try {
      cpSync(SOURCES, folder, { recursive: true });
      const source = readFileSync(join(folder, file), "utf8");
      expect(source.split(code)).toHaveLength(2);
      writeFileSync(join(folder, file), source.replace(code, fault));
      const searcher = openSearcher(compile(folder));
      expect(searcher && faultOf(searcher)).toBeDefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function compile(folder: string): Buffer {
  const script = `import { compileScanner } from ${JSON.stringify(join(ROOT, "scripts/build-scanner.mjs"))};
    process.stdout.write(await compileScanner(${JSON.stringify(folder)}, 6));`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", script], { maxBuffer: 1 << 20 });
}

/** What `npm test` says of a search; undefined where it finds nothing wrong. */
function faultOf(searcher: Searcher): unknown {
  for (const [name, literal, line] of MUST_FIND) {
    if (!finds(literal, line, { searcher })) return name;
    if (!finds(literal, JSON.stringify(line), { searcher, level: "strings" })) return name;
  }
  try {
    findMiss(searcher, 1, 100_000, { looks: 0, held: 0, spared: 0 });
    return undefined;
  } catch (error) {
    return error;
  }
}
