import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Case, parseCases } from "../../cli/rules/cases";
import { differenceAlone } from "../../cli/rules/test";
import { Event, FUNCTIONS, type RulesOptions } from "../../rules";
import { ipdbFile } from "./geo/ipdb-file";
import { bothEngines, native } from "./native/support";
import { parts } from "./support";

/** The cases of each group: documentation that runs. Each name begins with the function that the case is about. */
const FOLDER = join(__dirname, "cases");

const scratch = mkdtempSync(join(tmpdir(), "conformance-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const OPTIONS: RulesOptions = {
  parts,
  environment: {
    FILES: `file://${join(FOLDER, "files")}`,
    GEOIP_DATABASE: geoDatabase(),
    SHOP_NAME: "Käse & Co",
    SHOP_LIMITS: '{"basket": 40, "vip": [1, 2.0, null]}',
    SHOP_CODE: "007",
  },
};

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const read = files.map((name) => ({
  name,
  ...parseCases(readFileSync(join(FOLDER, name), "utf8"), { alone: true }),
}));
const all = read.flatMap(({ cases }) => cases);

describe.each(read)("$name", ({ cases, faults }) => {
  it("is well-formed", () => expect(faults).toEqual([]));

  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    expect(await differenceAlone(one, OPTIONS, (fields) => new Event(fields))).toEqual([]);
  });
});

describe("the cases", () => {
  const refused = new Set([...FUNCTIONS].flatMap(([name, one]) => ("refused" in one ? [name] : [])));
  const numbers = new Map([...FUNCTIONS.keys()].map((name) => [name, 0]));
  for (const one of all) numbers.set(functionOf(one), (numbers.get(functionOf(one)) ?? 0) + 1);

  it("are about functions that exist, and call them", () => {
    expect(all.filter((one) => !FUNCTIONS.has(functionOf(one))).map(({ name }) => name)).toEqual([]);
    const calls = (one: Case): boolean => new RegExp(`\\b${functionOf(one)}\\(`).test(one.rules ?? "");
    expect(all.filter((one) => !calls(one)).map(({ name }) => name)).toEqual([]);
  });

  it("have names of their own", () => {
    const names = all.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it("show each function in use and on a difficult input, and why the refused ones are", () => {
    console.log(`${all.length} cases over ${numbers.size} functions, ${refused.size} of them refused`);
    const wanted = (name: string): number => (refused.has(name) ? 1 : 2);
    expect([...numbers].filter(([name, number]) => number < wanted(name))).toEqual([]);
    expect(all.filter((one) => refused.has(functionOf(one)) && one.fails === undefined)).toEqual([]);
  });
});

describe("in CLS's dialect", () => {
  const compiling = all.filter(({ rules }) => compilesFully(rules ?? "")).map((one) => [one.name, one] as const);
  const compare = (_: string, { rules, events }: Case): void => {
    const { ours, cls } = bothEngines(rules ?? "");
    for (const event of events) expect(cls(event)).toEqual(ours(event));
  };

  it.each(compiling)("%s, too", compare);

  it("there are cases to compare", () => {
    console.log(`${compiling.length} of ${all.length} cases also run in CLS's dialect`);
    expect(compiling.length).toBeGreaterThan(0);
  });
});

function functionOf({ name }: Case): string {
  return name.split(" ")[0];
}

/** Whether CLS can run a text, and without a note that it does something otherwise. */
function compilesFully(rules: string): boolean {
  try {
    const { compiled, problems } = native(rules);
    return problems.length === 0 && compiled.notes.length === 0;
  } catch {
    return false;
  }
}

/** A database of two networks, in ipip's format: addresses of documentation (RFC 5737) in places of ours. */
function geoDatabase(): string {
  const path = join(scratch, "places.ipdb");
  const fields = ["country_name", "region_name", "city_name", "isp_domain", "latitude", "longitude"];
  const content = ipdbFile(fields, [
    [
      "192.0.2.0/24",
      [
        "瑞士",
        "苏黎世",
        "温特图尔",
        "山网",
        "47.5",
        "8.7",
        "Switzerland",
        "Zürich",
        "Winterthur",
        "Bergnetz",
        "47.5",
        "8.7",
      ],
    ],
    ["198.51.100.0/25", ["冰岛", "", "", "", "", "", "Iceland", "", "", "", "", ""]],
  ]);
  writeFileSync(path, content);
  return path;
}
