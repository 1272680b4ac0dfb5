import fc from "fast-check";
import { evaluate, ExpressionError, referencesIn, type Reference } from "../../../local/plan/expression";
import { parseTemplate } from "../../../local/plan/parser";
import { goJson, type PlanValue } from "../../../local/plan/value";

const VALUES: Record<string, PlanValue> = {
  "t.topic.id": "topic-1",
  "t.topic.period": 7,
  "t.topic.on": true,
  "t.topic.off": false,
  "t.topic.word": "true",
  "t.topic.list": ["b", "a"],
  "t.topic.quoted": 'say "<hi>" & \\ go',
  "t.topic.json": '{"net":{"url":"http://a/","ports":[80,443]}}',
  "data.d.account.app_id": "1250000000",
};

function resolve(reference: Reference): PlanValue {
  const value = VALUES[reference.path.slice(0, reference.path[0] === "data" ? 4 : 3).join(".")];
  if (value === undefined) throw new Error(`unexpected ${reference.source}`);
  return value;
}

const run = (source: string): PlanValue => evaluate(parseTemplate(source), resolve);

describe("references", () => {
  test.each<[string, PlanValue]>([
    ["${t.topic.id}", "topic-1"],
    ["${ t.topic.id }", "topic-1"],
    ["${data.d.account.app_id}", "1250000000"],
    ["${t.topic.period}", 7],
    ["${t.topic.on}", true],
    ["${t.topic.list}", ["b", "a"]],
    ["logs-${data.d.account.app_id}", "logs-1250000000"],
    ["a-${t.topic.id}-${t.topic.period}-${t.topic.on}", "a-topic-1-7-true"],
  ])("are read where they stand in %s", (source, value) => {
    expect(run(source)).toEqual(value);
  });

  test("keep their steps: names, indexes, keys", () => {
    const [reference] = referencesIn(parseTemplate('${t.a.list[0].deep["key"].1}'));
    expect(reference?.path).toEqual(["t", "a", "list", 0, "deep", "key", 1]);
  });

  test("are found wherever they stand", () => {
    const source = '{"a":${jsonencode(t.topic.id)},"b":${jsonencode("x-${t.topic.quoted}")}}';
    expect(referencesIn(parseTemplate(source)).map((reference) => reference.source)).toEqual([
      "t.topic.id",
      "t.topic.quoted",
    ]);
  });
});

describe("escapes", () => {
  test.each([
    ["$${not.a.reference}", "${not.a.reference}"],
    ["%%{IP:client}", "%{IP:client}"],
    ["100% of $5", "100% of $5"],
    ["$$${t.topic.id}", "$${t.topic.id}"],
    ['\\n stays, so does "', '\\n stays, so does "'],
    ["", ""],
  ])("are taken back in %s", (source, value) => {
    expect(run(source)).toBe(value);
  });

  test("any text that is escaped comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "\\", '"', "a", "\n", "é", "😀") }), (text) => {
        expect(run(text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{"))).toBe(text);
      }),
    );
  });
});

describe("choices", () => {
  test.each<[string, PlanValue]>([
    ['${t.topic.on ? "OPEN" : "CLOSE"}', "OPEN"],
    ["${t.topic.on?1:0}", 1],
    ['${t.topic.off ? "OPEN" : "CLOSE"}', "CLOSE"],
    ["${t.topic.word ? t.topic.id : 0}", "topic-1"],
    ['x-${t.topic.off ? "a" : "${t.topic.id}"}', "x-topic-1"],
  ])("are made in %s", (source, value) => {
    expect(run(source)).toEqual(value);
  });

  test("name what they refer to", () => {
    const references = referencesIn(parseTemplate("${t.topic.on ? t.topic.id : t.topic.period}"));
    expect(references.map((reference) => reference.source)).toEqual(["t.topic.on", "t.topic.id", "t.topic.period"]);
  });

  test("are refused where they ask for something else than true or false", () => {
    expect(() => run("${t.topic.id ? 1 : 0}")).toThrow('${t.topic.id ? ...} must ask for true or false, got "topic-1"');
    expect(() => run('${"on" ? 1 : 0}')).toThrow(ExpressionError);
    expect(() => run("${t.topic.on ? 1}")).toThrow(ExpressionError);
  });
});

describe("what JSON holds", () => {
  test.each<[string, PlanValue]>([
    ["${jsondecode(t.topic.json).net.url}", "http://a/"],
    ['${jsondecode(t.topic.json)["net"].ports[1]}', 443],
    ["at ${jsondecode(t.topic.json).net.url}x", "at http://a/x"],
  ])("is read by its path in %s", (source, value) => {
    expect(run(source)).toEqual(value);
  });

  test("names what it refers to", () => {
    const [reference] = referencesIn(parseTemplate("${jsondecode(t.topic.json).net.url}"));
    expect(reference?.path).toEqual(["t", "topic", "json"]);
  });

  test("must be there", () => {
    expect(() => run("${jsondecode(t.topic.json).net.gone}")).toThrow("jsondecode() must hold net.gone, got");
    expect(() => run("${jsondecode(t.topic.id).a}")).toThrow('jsondecode() must be given JSON, got "topic-1"');
  });
});

describe("quoted templates", () => {
  test.each([
    ['${"plain"}', "plain"],
    ['${"a \\"b\\" \\\\ \\n \\t \\r \\u00e9 \\U0001F600"}', 'a "b" \\ \n \t \r é 😀'],
    ['${"x-${t.topic.id}-y"}', "x-topic-1-y"],
    ['${"$${t} %%{if}"}', "${t} %{if}"],
    ['${jsonencode("bucket-${data.d.account.app_id}")}', '"bucket-1250000000"'],
  ])("are read: %s", (source, value) => {
    expect(run(source)).toBe(value);
  });

  test("any text that is quoted comes back", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "\\", '"', "a", "\n", "\r", "\t", "é") }),
        (text) => {
          const escaped = text
            .replaceAll("\\", "\\\\")
            .replaceAll('"', '\\"')
            .replaceAll("\n", "\\n")
            .replaceAll("\r", "\\r")
            .replaceAll("\t", "\\t")
            .replaceAll("${", () => "$${")
            .replaceAll("%{", () => "%%{");
          expect(run(`\${"${escaped}"}`)).toBe(text);
        },
      ),
    );
  });
});

describe("jsonencode", () => {
  test.each([
    ["${jsonencode(t.topic.id)}", '"topic-1"'],
    ["${jsonencode( t.topic.period )}", "7"],
    ["${jsonencode(t.topic.list)}", '["b","a"]'],
    ["${jsonencode(t.topic.quoted)}", '"say \\"\\u003chi\\u003e\\" \\u0026 \\\\ go"'],
    ['{"topic":${jsonencode(t.topic.id)},"days":${jsonencode(t.topic.period)}}', '{"topic":"topic-1","days":7}'],
  ])("writes %s", (source, value) => {
    expect(run(source)).toBe(value);
  });

  test("sorts keys by their bytes, at every level", () => {
    expect(goJson({ b: 1, a: { "\u{1F600}": 1, "\uFF5E": 2 } })).toBe('{"a":{"\uFF5E":2,"\u{1F600}":1},"b":1}');
  });

  test("writes what JSON reads back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(goJson(value as PlanValue))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("anything else is an error that quotes it", () => {
  test.each([
    ["a ${upper(t.topic.id)} b", "${upper(t.topic.id)}"],
    ["${t.topic.id + 1}", "${t.topic.id + 1}"],
    ["${t.topic.period > 1 ? 1 : 2}", "${t.topic.period > 1 ? 1 : 2}"],
    ["${local.name}", "${local.name}"],
    ["${[1]}", "${[1]}"],
    ["${1}", "${1}"],
    ["${t.topic.list[*]}", "${t.topic.list[*]}"],
    ["${~ t.topic.id}", "${~ t.topic.id}"],
    ["%{ if t.topic.on }x%{ endif }", "%{ if t.topic.on }"],
    ["${jsonencode(t.topic.id, 1)}", "${jsonencode(t.topic.id, 1)}"],
    ["${t.topic.id", "${t.topic.id"],
    ['${"open', '${"open'],
    ['${"\\q"}', "\\q"],
  ])("it quotes what it does not know in %s", (source, quoted) => {
    expect(() => run(source)).toThrow(ExpressionError);
    expect(() => run(source)).toThrow(quoted);
  });

  test("a list inside a template", () => {
    expect(() => run("a-${t.topic.list}")).toThrow("${t.topic.list} must be a string, a number or a boolean");
  });
});
