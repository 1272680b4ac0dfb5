import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { CosOutput, LogsError, LogTopic } from "../../lib";
import { Testing } from "../../lib/framework";
import { evaluate } from "../../local/plan/expression";
import { parseTemplate } from "../../local/plan/parser";
import { sample, told } from "../runs";
import { testFunction, testStack, textToken, violationsOf } from "./support/stack";
import { asPattern, bucketOf, NOT_IN_PLANS, ONLY_TEXT, out, USES, worker } from "./support/text-uses";

const ROOT = join(__dirname, "../..");

describe("texts of the user's", () => {
  let tried = 0;
  afterAll(() => console.info(told(`texts in plans: ${tried} at ${Object.keys(USES).length} places`)));

  it("are all tried here", () => {
    const missing = textMembers().filter((member) => !NOT_IN_PLANS.test(member) && USES[member] === undefined);
    expect(missing.map((member) => `${member} must have a use in test/lib/support/text-uses.ts`)).toEqual([]);
  });

  const TEMPLATES = ['${file("x")}', "%{if true}%{endif}", 'a${file("x")}b/', "$${1+1}/"];

  it.each(Object.keys(USES))("reach the cloud as they are, or are refused: %s", (member) => {
    for (const text of sample(TEMPLATES, 1)) {
      tried++;
      const strings = stringsOf(member, text);
      if (strings === undefined) continue;
      // The parser knows references and texts, and refuses any other expression.
      const values = strings.map((string) => String(evaluate(parseTemplate(string), () => "<reference>")));
      const [given, inJson] = [shownIn(member, text), JSON.stringify(shownIn(member, text)).slice(1, -1)];
      const found = values.some((value) => value.includes(given) || value.includes(inJson));
      expect([text, found]).toEqual([text, true]);
    }
  });

  it.each(Object.keys(USES).filter((member) => !ONLY_TEXT.test(member)))("may be tokens: %s", (member) => {
    const strings = stringsOf(member, textToken());
    expect(strings?.some((string) => string.includes("terraform_data.given.output"))).toBe(true);
  });

  it.each(Object.keys(USES))("widen no policy: %s", (member) => {
    if (member.startsWith("PolicyStatement.")) return;
    for (const text of sample(["*", "a*/b/", "a?/", "topic/*"], 1)) {
      tried++;
      for (const resource of policyResources(stringsOf(member, text) ?? [])) {
        expect([text, resource]).toEqual([text, expect.stringMatching(/^[^*?]*\*?$/)]);
      }
    }
  });
});

describe("what names something in the cloud", () => {
  it("is refused with its path and what to do", () => {
    const stack = testStack();
    const rule = 'must be a name or an id of letters, digits and ._:$-, got "a*"; copy it from the console';
    expect(violationsOf(() => LogTopic.fromTopicAttributes({ topicId: "a*", region: "a*" }))).toEqual([
      ["LOGS_IDENTIFIER", `topicId ${rule}`],
      ["LOGS_IDENTIFIER", `region ${rule}`],
    ]);
    expect(violationsOf(() => worker(stack, { namespace: "a*", vpc: { vpcId: "a*", subnetId: "b" } }))).toEqual([
      ["LOGS_IDENTIFIER", `namespace ${rule}`],
      ["LOGS_IDENTIFIER", `vpc.vpcId ${rule}`],
    ]);
  });

  it("is a key prefix without wildcards, wherever one is granted", () => {
    const stack = testStack();
    const bucket = bucketOf(stack);
    const refused = (path: string, prefix: string) => [
      [
        "LOGS_PREFIX_WILDCARD",
        `${path} must hold no * and no ?, got "${prefix}"; ` +
          "policies read both as wildcards, and know no escape: choose another prefix",
      ],
    ];
    expect(violationsOf(() => out(stack, new CosOutput(bucket, { prefix: "*/" })))).toEqual(
      refused("outputs.records.prefix", "*/"),
    );
    for (const grant of ["grantRead", "grantWrite", "grantDelete"] as const) {
      expect(violationsOf(() => bucket[grant](testFunction(stack, grant), "a?/"))).toEqual(refused("prefix", "a?/"));
    }
  });
});

/** What a text is by the time that it is rendered. */
function shownIn(member: string, text: string): string {
  if (member === "PresetDefinition.pattern") return asPattern(text).slice(1);
  return /^(MultilineOptions|PresetDefinition)\.startPattern$/.test(member) ? asPattern(text) : text;
}

/** The plan's strings; nothing where the text is refused, which must be said by an error of ours. */
function stringsOf(member: string, text: string): string[] | undefined {
  const stack = testStack();
  try {
    USES[member](text, stack);
    const { resource } = JSON.parse(Testing.synth(stack)) as { resource: unknown };
    // What a command of ours is told of its own resource.
    return stringsIn(resource).filter((string) => string !== "${jsonencode(self.input)}");
  } catch (error) {
    if (error instanceof LogsError) return undefined;
    throw error;
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => (name === "//" ? [] : [name, ...stringsIn(item)]));
}

/** What the policies among a plan's strings name. */
function policyResources(strings: readonly string[]): string[] {
  return strings
    .map((string) => String(evaluate(parseTemplate(string), () => "<reference>")))
    .filter((value) => value.startsWith('{"statement":') && value.includes('"resource"'))
    .flatMap((value) => (JSON.parse(value) as { statement: { resource?: string[] }[] }).statement)
    .flatMap(({ resource = [] }) => resource);
}

/** Members of exported interfaces that hold text, as `Interface.member`; those of nested types are `Interface.a.b`. */
function textMembers(): string[] {
  const exported = new Set(readFileSync(join(ROOT, "lib/index.ts"), "utf8").match(/\b[A-Z]\w+/g));
  const files = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, "lib", file), "utf8");
      return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements.filter(ts.isInterfaceDeclaration);
    })
    .filter(({ name }) => exported.has(name.text))
    .flatMap(({ name, members }) => membersIn(name.text, members));
}

function membersIn(owner: string, members: ts.NodeArray<ts.TypeElement>): string[] {
  return members.filter(ts.isPropertySignature).flatMap(({ name, type }) => {
    if (type === undefined) return [];
    const path = `${owner}.${name.getText()}`;
    if (ts.isTypeLiteralNode(type)) return membersIn(path, type.members);
    return /\bstring\b/.test(type.getText()) ? [path] : [];
  });
}
