import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { buildSync } from "esbuild";
import { CkafkaOutput, ClsStreamPipeline, LogProcessor, LogRules, LogTopic } from "../../../lib";
import { NOTICES, noticesFor } from "../../../lib/packaging/built-files";
import { testStack } from "../support/stack";
import { filesOf } from "../support/zip";

const ROOT = join(__dirname, "../../..");

/** Packages that esbuild puts code or data of into a bundle; those with data in YAML by what imports them. */
function packagesIn(source: string): string[] {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    platform: "node",
    write: false,
    metafile: true,
    loader: { ".yaml": "text" },
    logLevel: "silent",
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const names = Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

const BUNDLES = [
  ...readdirSync(join(ROOT, "parts"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [`parts/${file}`, `${basename(file, ".ts")}.js`]),
  ...["cos-batch", "cls-stream"].map((name) => [`functions/handlers/${name}/index.ts`, "index.js"]),
];

describe("the notices of packages of others", () => {
  it.each(BUNDLES)("are there for each that is part of %s", (source, file) => {
    const notices = noticesFor([file]) ?? "";
    const packages = packagesIn(source);
    const told = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+ \(([^)]+)\)\n(https:\S+)$/gm)];
    expect(told.map(([, name]) => name).sort()).toEqual(packages);
    for (const [, name, license] of told) {
      const folder = join(ROOT, "node_modules", name);
      const [terms] = readdirSync(folder).filter((entry) => /^licen[sc]e/i.test(entry));
      expect(notices).toContain(readFileSync(join(folder, terms), "utf8").trim());
      if (license === "Apache-2.0") expect(notices).toContain("END OF TERMS AND CONDITIONS");
    }
  });

  it("are all in the package, and the package has them", () => {
    const all = readFileSync(join(ROOT, "dist/THIRD_PARTY_NOTICES.txt"), "utf8");
    const packages = [...new Set(BUNDLES.flatMap(([source]) => packagesIn(source)))];
    for (const name of packages) expect(all).toContain(`\n${name} `);
    const published = readFileSync(join(ROOT, "dist/.npmignore"), "utf8").split("\n");
    expect(published).toEqual(expect.arrayContaining(["!/notices/rules-jmes.js.txt", "!/THIRD_PARTY_NOTICES.txt"]));
    expect(packages.length).toBeGreaterThan(5);
  });

  it("stand in the zip of a function that carries such a part, and in no other", () => {
    const zipped = (props: object) => {
      const stack = testStack();
      new ClsStreamPipeline(stack, "S", { topic: new LogTopic(stack, "T"), appId: "1250000000", ...props });
      const notices = filesOf(stack)[NOTICES];
      return notices && Buffer.from(notices).toString();
    };
    expect(zipped({})).toBeUndefined();
    expect(zipped({ rules: LogRules.fromText('e_set("a", "b")') })).toBeUndefined();
    const jmes = zipped({ rules: LogRules.fromText('e_set("a", json_select(v("b"), "c"))') });
    expect(jmes).toContain("@jmespath-community/jmespath");
    expect(jmes).toContain("Mozilla Public License Version 2.0");
    expect(jmes).not.toContain("kafkajs");
    const outputs = { out: new CkafkaOutput({ brokers: ["b:9092"], topic: "t" }) };
    expect(zipped({ outputs })).toContain("kafkajs 2.");
  });

  it("that a processor's packages have in comments stand beside its code", () => {
    const { files } = LogProcessor.fromEntry(join(__dirname, "../support/licensed-processor.ts"));
    expect(Object.keys(files).sort()).toEqual(["processor.js", "processor.js.LEGAL.txt"]);
    expect(Buffer.from(files["processor.js.LEGAL.txt"]).toString()).toContain("@license Kept beside the code");
    expect(existsSync(join(ROOT, "dist/notices/processor.js.txt"))).toBe(false);
  });
});
