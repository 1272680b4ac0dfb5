import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FUNCTIONS } from "../../rules";

const bundle = (path: string): string => readFileSync(join(__dirname, "../../dist", path), "utf8");

describe("what is deployed", () => {
  it.each(["cos-batch", "cls-stream", "monitor"])(
    "has no rule engine in the handler %s, which loads it from its part",
    (name) => {
      expect(bundle(`handlers/${name}/index.js`)).not.toMatch(/e_drop_fields|of the rule language/);
    },
  );

  it.each(["cos-batch", "cls-stream", "monitor"])("has nothing of OTLP and _bulk in the handler %s", (name) => {
    const ofParts = /log\.record\.uid|version_conflict_engine_exception/;
    expect(bundle(`handlers/${name}/index.js`)).not.toMatch(ofParts);
    expect(bundle("parts/out-otlp.js")).toMatch(ofParts);
    expect(bundle("parts/out-elasticsearch.js")).toMatch(ofParts);
  });

  it("has the functions of the rule engine, and not their documentation", () => {
    const code = bundle("parts/rules.js");
    const docs = [...FUNCTIONS].flatMap(([name, definition]) =>
      "doc" in definition ? [[name, definition.doc] as const] : [],
    );
    expect(docs.filter(([name]) => !code.includes(name))).toEqual([]);
    expect(docs.filter(([, doc]) => code.includes(JSON.stringify(doc).slice(1, 40)))).toEqual([]);
  });
});
