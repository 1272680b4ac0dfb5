import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IMPLEMENTATIONS } from "../../rules/functions";
import type { Implementations } from "../../rules/run/implementation";
import { parseParameters } from "../../rules/check/parameters";
import { GROUPS, SIGNATURES } from "../../rules/signatures";
import type { Signature } from "../../rules/signatures/signature";
import { parts, problemsOf } from "./support";

const all = Object.entries<Signature>(SIGNATURES);

/** What a function runs as; refused ones are told of by the checker instead. */
function implementationOf(name: string, { part }: Signature): object | undefined {
  const table = part ? (parts.load(part) as { implementations: Implementations }).implementations : IMPLEMENTATIONS;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

describe("the functions of the rule language", () => {
  it("are the 232 of the reference, each in one group", () => {
    const grouped = Object.values(GROUPS).flatMap((group) => Object.keys(group));
    expect(grouped).toHaveLength(232);
    expect(new Set(grouped).size).toBe(232);
    expect([...grouped].sort()).toEqual(Object.keys(SIGNATURES).sort());
  });

  it.each(all.filter(([, { refused }]) => refused === undefined))(
    "%s is there, as what its signature says",
    (name, signature) => {
      const implementation = implementationOf(name, signature);
      expect(implementation).toBeDefined();
      expect("step" in implementation!).toBe(signature.kind === "operation");
      const { keywords, positional } = parseParameters(signature.parameters);
      const names = [...positional, ...keywords].flatMap((parameter) => parameter.names);
      expect(names.every((parameter) => /^[a-z_]\w*$/i.test(parameter))).toBe(true);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it("are implemented where they are declared, and nowhere else", () => {
    const inCore = all.filter(([, { part, refused }]) => part === undefined && refused === undefined);
    expect(Object.keys(IMPLEMENTATIONS).sort()).toEqual(inCore.map(([name]) => name).sort());
  });

  it.each(all.filter(([, { refused }]) => refused !== undefined))(
    "%s is refused with its reason and a remedy",
    (name, signature) => {
      const call = signature.kind === "operation" ? `${name}("a", "b", "c")` : `e_set("x", ${name}("a"))`;
      const [problem] = problemsOf(call);
      expect(problem).toContain("error RULES_UNSUPPORTED");
      expect(problem).toContain(`${name} cannot run here: ${signature.refused!}`);
      expect(signature.refused).toContain("; ");
    },
  );

  it("are each in a test of our own", () => {
    const folder = __dirname;
    const tests = filesIn(folder)
      .filter((file) => !/completeness|cases\.test|fuzz/.test(file))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    const words = new Set(tests.match(/\b\w+\b/g));
    expect(
      all.filter(([name, { refused }]) => refused === undefined && !words.has(name)).map(([name]) => name),
    ).toEqual([]);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
