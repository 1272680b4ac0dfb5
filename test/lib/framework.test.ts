import { DataResource } from "cdktf";
import fc from "fast-check";
import { evaluate } from "../../local/plan/expression";
import { parseTemplate } from "../../local/plan/parser";
import type { PlanValue } from "../../local/plan/value";
import { Lazy, Testing, Token, estimatedJsonLength, replaceWhenChanges, tfJson, tfText } from "../../lib/framework";
import { planOf, testStack } from "./support/stack";

/** What the cloud answers for the attributes that the tests refer to. */
const CLOUD: Record<string, PlanValue> = {
  id: 'id "quoted" \\ and\nnew line ${not} %{this} <&>',
  count: 42,
  names: ["a", 'b"c'],
};

/** Renders a text into a plan through the framework, then reads it back as Terraform would. */
function readBack(text: (resource: DataResource) => string): unknown {
  const stack = testStack();
  const source = new DataResource(stack, "Source", {});
  new DataResource(stack, "Sink", { input: { text: text(source) } });
  const plan = JSON.parse(Testing.synth(stack)) as {
    resource: { terraform_data: { Sink: { input: { text: string } } } };
  };
  return evaluate(parseTemplate(plan.resource.terraform_data.Sink.input.text), ({ path }) => {
    return CLOUD[String(path[path.length - 1])] ?? null;
  });
}

const attribute = (resource: DataResource, name: string) => resource.interpolationForAttribute(name);

describe("tfText", () => {
  it.each([
    ["quotes", 'say "hello"'],
    ["backslashes", "C:\\logs\\new"],
    ["new lines", "one\ntwo\r\nthree\t"],
    ["an interpolation marker", "cost ${price} and $${escaped} and $$${twice}"],
    ["a directive marker", "grok %{IP:client} %%{IP:x}"],
    ["a marker that never closes", "${ and %{"],
    ["other scripts", "日志 ✓ \u2028"],
  ])("keeps %s", (_, text) => {
    expect(readBack(() => tfText(text))).toBe(text);
  });

  it("keeps tokens beside text that must be escaped", () => {
    const text = readBack((source) => tfText(`\${a} "${Token.asString(attribute(source, "id"))}" %{b}}`));
    expect(text).toBe(`\${a} "${CLOUD.id}" %{b}}`);
  });

  it("keeps number tokens inside text", () => {
    const text = readBack((source) => tfText(`\${n} = ${Token.asNumber(attribute(source, "count"))}!`));
    expect(text).toBe("${n} = 42!");
  });

  it("keeps any text", () => {
    const runs = fc.check(
      fc.property(fc.stringMatching(/^[${}%"\\\n a-c]{0,24}$/), (text) => {
        expect(readBack(() => tfText(text))).toBe(text);
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(runs.counterexample).toBeNull();
    console.info(`tfText: ${runs.numRuns} texts tried`);
  });
});

describe("tfJson", () => {
  const parsed = (value: (resource: DataResource) => unknown) =>
    JSON.parse(readBack((source) => tfJson(value(source))) as string) as unknown;

  it("keeps literals with every character that JSON, HCL or Terraform give a meaning", () => {
    const value = {
      text: 'q" b\\ n\n ${x} %{y} </&> \u2028 \b\f',
      list: [1, true, null, -0.5],
      nested: { "${k}": "%{v}" },
    };
    expect(parsed(() => value)).toEqual(value);
  });

  it("encodes string, number and list tokens as what they are", () => {
    const value = parsed((source) => ({
      text: Token.asString(attribute(source, "id")),
      number: Token.asNumber(attribute(source, "count")),
      list: Token.asList(attribute(source, "names")),
      resolvable: attribute(source, "names"),
    }));
    expect(value).toEqual({ text: CLOUD.id, number: 42, list: CLOUD.names, resolvable: CLOUD.names });
  });

  it("encodes tokens inside text together with it", () => {
    const value = parsed((source) => [`\${a}"\\\n${Token.asString(attribute(source, "id"))}\b%{b}`]);
    expect(value).toEqual([`\${a}"\\\n${CLOUD.id}\b%{b}`]);
  });

  it("writes what is known at synth as a literal", () => {
    const text = tfJson({
      region: Lazy.stringValue({ produce: () => "ap-guangzhou" }),
      n: Lazy.numberValue({ produce: () => 3 }),
    });
    const stack = testStack();
    new DataResource(stack, "Sink", { input: { text } });
    expect(planOf(stack).resource.terraform_data.Sink.input).toEqual({ text: '{"n":3,"region":"ap-guangzhou"}' });
  });

  it("sorts keys, leaves out what is undefined, and writes <, > and & as Go does", () => {
    const stack = testStack();
    new DataResource(stack, "Sink", { input: { text: tfJson({ b: 1, a: "<&>", gone: undefined, "": [] }) } });
    expect(planOf(stack).resource.terraform_data.Sink.input).toEqual({
      text: '{"":[],"a":"\\u003c\\u0026\\u003e","b":1}',
    });
  });

  it("asks a function for its value at synth", () => {
    const statements: string[] = [];
    const stack = testStack();
    new DataResource(stack, "Sink", { input: { text: tfJson(() => ({ statements })) } });
    statements.push("added later");
    expect(planOf(stack).resource.terraform_data.Sink.input).toEqual({ text: '{"statements":["added later"]}' });
  });

  it("refuses what JSON cannot hold", () => {
    expect(() => readBack(() => tfJson({ f: () => 1 }))).toThrow(
      /must be made of objects, arrays and literals, got function/,
    );
  });

  it("keeps any value, with tokens anywhere in its texts", () => {
    const text = fc.stringMatching(/^[${}%"\\\n a-c@]{0,16}$/);
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(
          text.filter((key) => !key.includes("@") && key !== "__proto__"),
          tie("node"),
          { maxKeys: 3 },
        ),
      ),
    })).node;
    const runs = fc.check(
      fc.property(value, (tree) => {
        const withTokens = (source: DataResource) =>
          JSON.parse(JSON.stringify(tree), (_, item: unknown) =>
            typeof item === "string" ? item.split("@").join(Token.asString(attribute(source, "id"))) : item,
          ) as unknown;
        const expected = JSON.parse(JSON.stringify(tree), (_, item: unknown) =>
          typeof item === "string" ? item.split("@").join(String(CLOUD.id)) : item,
        ) as unknown;
        expect(parsed(withTokens)).toEqual(expected);
      }),
      { numRuns: 300, seed: 2 },
    );
    expect(runs.counterexample).toBeNull();
    console.info(`tfJson: ${runs.numRuns} values tried`);
  });
});

describe("replaceWhenChanges", () => {
  it("has the resource replaced by a change of a terraform_data, named as plain text", () => {
    const stack = testStack();
    const resource = new DataResource(stack, "Thing", {});
    replaceWhenChanges(resource, { topicId: "t-1", partitions: 2 });
    const data = planOf(stack).resource.terraform_data;
    const [identity] = Object.keys(data).filter((name) => name !== "Thing");
    expect(data[identity].input).toEqual({ topicId: "t-1", partitions: 2 });
    expect(data.Thing.lifecycle).toEqual({ replace_triggered_by: [`terraform_data.${identity}.output`] });
  });

  it("keeps what the resource's lifecycle said before", () => {
    const stack = testStack();
    const resource = new DataResource(stack, "Thing", {
      lifecycle: { preventDestroy: true, replaceTriggeredBy: ["terraform_data.x.output"] },
    });
    replaceWhenChanges(resource, { topicId: "t-1" });
    const { lifecycle } = planOf(stack).resource.terraform_data.Thing as {
      lifecycle: { replace_triggered_by: string[] };
    };
    expect(lifecycle).toMatchObject({ prevent_destroy: true });
    expect(lifecycle.replace_triggered_by).toHaveLength(2);
  });
});

describe("estimatedJsonLength", () => {
  it("counts bytes, and a token as 64 of them", () => {
    expect(estimatedJsonLength({ a: "日" })).toBe('{"a":"日"}'.length + 2);
    const token = Token.asString(attribute(new DataResource(testStack(), "Source", {}), "id"));
    expect(estimatedJsonLength([token])).toBe('[""]'.length + 64);
    expect(estimatedJsonLength([`x${token}`])).toBe('[""]'.length + 65);
  });
});
