import crypto from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bind } from "../../rules/check/binding";
import { parseParameters } from "../../rules/check/parameters";
import type { CallNode } from "../../rules/language/syntax-tree";
import { parse } from "../../rules/language/parser";
import { compileRules, RulesError } from "../../rules/run/engine";
import { Event } from "../../rules/run/event";
import { FUNCTIONS } from "../../rules/functions";
import { kindOf, type Definition } from "../../rules/functions/define";
import { EVENT, SAMPLES } from "./defaults-samples";
import { parts } from "./support";

const all = [...FUNCTIONS].filter(([, definition]) => !("refused" in definition));

/** The parameters of a function that may be left out, and their defaults as the notation has them. */
function optionalOf({ parameters }: Definition): { readonly name: string; readonly text: string }[] {
  const { positional, keywords } = parseParameters(parameters);
  return [...positional, ...keywords]
    .filter((parameter) => parameter.default !== undefined)
    .map((parameter) => ({ name: parameter.names[0], text: parameter.default!.text }));
}

const withOptional = all.filter(([, definition]) => optionalOf(definition).length > 0);

let environment: Record<string, string>;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "defaults-"));
  writeFileSync(join(folder, "object.txt"), "\ufeffobject 你");
  environment = { ...EVENT, folder: `file://${folder}`, geo: join(folder, "none.mmdb") };
  jest.useFakeTimers({ now: 1_699_999_999_600, doNotFake: ["nextTick", "setImmediate", "setTimeout"] });
  jest.spyOn(crypto, "randomBytes").mockImplementation((size: number) => Buffer.alloc(size, 7));
  jest.spyOn(crypto, "randomUUID").mockReturnValue("0a1b2c3d-0000-4000-8000-abcdefabcdef");
});

afterAll(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** All that a call does, or why it cannot be done. */
async function outcomeOf(call: string, isOperation: boolean): Promise<unknown> {
  const text = isOperation ? call : `e_set("result", ${call})`;
  try {
    const rules = compileRules(text, { parts, environment });
    await rules.refresh();
    const { emitted, failure } = rules.run(new Event(EVENT));
    return { emitted: emitted.map(({ event, output }) => ({ output, fields: event.fields })), failure };
  } catch (error) {
    if (error instanceof RulesError) return error.problems.map(({ message }) => message);
    throw error;
  }
}

/** The call with each parameter given in turn that it leaves out. */
function variantsOf(call: string, definition: Definition): { readonly parameter: string; readonly call: string }[] {
  const [node] = parse(call, ({ message }) => {
    throw new Error(`${call}: ${message}`);
  });
  const { named } = bind(node as CallNode, parseParameters(definition.parameters), () => undefined);
  const inside = call.slice(0, -1);
  const comma = inside.endsWith("(") ? "" : ", ";
  return optionalOf(definition)
    .filter(({ name }) => !named.has(name))
    .map(({ name, text }) => ({ parameter: name, call: `${inside}${comma}${name}=${text})` }));
}

describe("the defaults of the functions", () => {
  const compared = new Set<string>();

  it.each(withOptional)("%s does the same with its defaults given and left out", async (name, definition) => {
    const differences: unknown[] = [];
    for (const call of SAMPLES[name]) {
      const wanted = await outcomeOf(call, kindOf(definition) === "operation");
      for (const variant of variantsOf(call, definition)) {
        compared.add(`${name} ${variant.parameter}`);
        const got = await outcomeOf(variant.call, kindOf(definition) === "operation");
        if (JSON.stringify(got) !== JSON.stringify(wanted)) differences.push({ call: variant.call, wanted, got });
      }
    }
    expect(differences).toEqual([]);
  });

  it("are all compared", () => {
    const wanted = withOptional.flatMap(([name, one]) =>
      optionalOf(one).map((parameter) => `${name} ${parameter.name}`),
    );
    console.log(
      `defaults: ${compared.size} of ${wanted.length} parameters of ${withOptional.length} functions compared`,
    );
    expect(wanted.filter((parameter) => !compared.has(parameter))).toEqual([]);
  });
});
