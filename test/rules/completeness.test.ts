import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseParameters } from "../../rules/check/parameters";
import { FUNCTIONS, GROUPS } from "../../rules/functions";
import { kindOf, type Definition } from "../../rules/functions/define";
import type { Implementations, PartName } from "../../rules/run/implementation";
import { parts, problemsOf } from "./support";

const all = [...FUNCTIONS];
const available = all.filter(([, definition]) => !("refused" in definition));
const refused = all.filter(([, definition]) => "refused" in definition);

describe("the functions of the rule language", () => {
  it("are in one group each", () => {
    const grouped = GROUPS.flatMap(({ functions }) => Object.keys(functions));
    expect(new Set(grouped).size).toBe(grouped.length);
    expect(grouped).toEqual([...FUNCTIONS.keys()]);
  });

  it.each(available)("%s is said by its name, and runs one way", (name, definition) => {
    expect(name).toMatch(/^[a-z]\w*$/);
    expect("doc" in definition && definition.doc).toMatch(/\.$/);
    const ways = ["pure", "impure", "thunk", "step", "part"].filter((way) => Object.hasOwn(definition, way));
    expect(ways).toHaveLength(1);
  });

  it.each(all)("%s has parameters of different names", (_, { parameters }) => {
    const { keywords, positional } = parseParameters(parameters);
    const names = [...positional, ...keywords].flatMap((parameter) => parameter.names);
    expect(names.every((parameter) => /^[a-z_]\w*$/i.test(parameter))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(all)("%s checks constants for its parameters of True or False", (_, { parameters }) => {
    const { keywords, positional } = parseParameters(parameters);
    for (const { default: fallback, type } of [...positional, ...keywords]) {
      if (/^(?:True|False)$/.test(fallback?.text ?? "")) expect(["bool", "cond"]).toContain(type);
    }
  });

  it.each(refused)("%s is refused with its reason and a remedy", (name, definition) => {
    const { reason, remedy } = (definition as Extract<Definition, { refused: unknown }>).refused;
    const call = kindOf(definition) === "operation" ? `${name}("a", "b", "c")` : `e_set("x", ${name}("a"))`;
    const [problem] = problemsOf(call);
    expect(problem).toContain("error RULES_UNSUPPORTED");
    expect(problem).toContain(`${name} cannot run here: ${reason}; ${remedy}`);
  });
});

describe("the parts", () => {
  const folder = join(__dirname, "../../parts");
  const files = readdirSync(folder).flatMap((file) => /^rules-(\w+)\.ts$/.exec(file)?.[1] ?? []);

  it.each(files)("%s has just the functions that name it", (part) => {
    const { implementations } = parts.load(part as PartName) as { implementations: Implementations };
    const named = all.filter(([, definition]) => "part" in definition && definition.part === part);
    expect(Object.keys(implementations).sort()).toEqual(named.map(([name]) => name).sort());
    expect(Object.values(implementations).every((implementation) => !("step" in implementation))).toBe(true);
  });

  it("are all there", () => {
    const named = new Set(all.flatMap(([, definition]) => ("part" in definition ? [definition.part] : [])));
    expect([...named].sort()).toEqual([...files].sort());
  });
});
