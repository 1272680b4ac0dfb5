import { resolveResources, type ResolvedResource } from "../../../local/plan/resolve";
import { PlanError, type PlanResource } from "../../../local/plan/stack";
import type { PlanObject } from "../../../local/plan/value";

function resource(address: string, given: PlanObject, dependsOn: string[] = []): PlanResource {
  const [type = "", name = ""] = address.replace(/^data\./, "").split(".");
  return {
    address,
    data: address.startsWith("data."),
    type,
    name,
    arguments: given,
    dependsOn,
    commands: [],
    region: undefined,
  };
}

async function apply(resources: PlanResource[], variables?: PlanObject): Promise<[string, PlanObject][]> {
  const made: [string, PlanObject][] = [];
  const create = ({ resource: { address, name }, arguments: given }: ResolvedResource): PlanObject => {
    made.push([address, given]);
    return { id: `id-of-${name}`, blocks: [{ name: "first" }] };
  };
  await resolveResources(resources, create, variables);
  return made;
}

describe("resolveResources", () => {
  test("knows the values of variables, and says how to set one that has none", async () => {
    const user = resource("t.user", { name: "x-${var.team}", list: "${var.list}", first: "${var.list[0]}" });
    expect(await apply([user], { team: "web", list: ["a"] })).toEqual([
      ["t.user", { name: "x-web", list: ["a"], first: "a" }],
    ]);
    await expect(apply([user], { list: [] })).rejects.toThrow(
      new PlanError("t.user: name must refer to a variable that has a value, got var.team; set TF_VAR_team"),
    );
  });

  test("makes what is referred to first, and hands its attributes on", async () => {
    const made = await apply([
      resource("t.user", { name: "x-${t.used.id}", nested: { list: ["${data.d.account.id}", 1, true, null] } }),
      resource("t.used", { name: "plain" }),
      resource("data.d.account", {}),
    ]);
    expect(made).toEqual([
      ["t.used", { name: "plain" }],
      ["data.d.account", {}],
      ["t.user", { name: "x-id-of-used", nested: { list: ["id-of-account", 1, true, null] } }],
    ]);
  });

  test("keeps the plan's order otherwise, and minds depends_on", async () => {
    const made = await apply([resource("t.a", {}, ["t.c"]), resource("t.b", {}), resource("t.c", {})]);
    expect(made.map(([address]) => address)).toEqual(["t.c", "t.a", "t.b"]);
  });

  test("reads arguments as well as computed attributes, and blocks as objects or lists", async () => {
    const made = await apply([
      resource("t.a", { name: "given", block: { format: "gzip" }, list: [{ format: "json" }] }),
      resource("t.b", {
        one: "${t.a.name}",
        two: "${t.a.block[0].format}",
        three: "${t.a.list.format}",
        four: "${t.a.blocks[0].name}",
      }),
    ]);
    expect(made[1]?.[1]).toEqual({ one: "given", two: "gzip", three: "json", four: "first" });
  });

  test("evaluates the keys of maps", async () => {
    const made = await apply([resource("t.a", { tags: { "$${x}": "1" } })]);
    expect(made[0]?.[1]).toEqual({ tags: { "${x}": "1" } });
  });

  test.each<[string, PlanResource[], string]>([
    [
      "a circle",
      [resource("t.a", { x: "${t.b.id}" }), resource("t.b", { x: "${t.a.id}" })],
      "in a circle, got t.a -> t.b -> t.a",
    ],
    [
      "a reference to nothing",
      [resource("t.a", { x: "${t.gone.id}" })],
      "t.a must refer to what the plan holds, got t.gone",
    ],
    [
      "an attribute that is not known",
      [resource("t.a", {}), resource("t.b", { x: { y: "${t.a.zzz}" } })],
      "t.b: x.y must refer to an attribute that the local cloud knows, got t.a.zzz",
    ],
    [
      "an expression that is not evaluated",
      [resource("t.a", { x: ["", "${lower(t.b.id)}"] })],
      "t.a: x[1] must hold only text, references, jsonencode() and jsondecode(), got ${lower(t.b.id)}",
    ],
  ])("refuses %s", async (_name, resources, message) => {
    await expect(apply(resources)).rejects.toThrow(PlanError);
    await expect(apply(resources)).rejects.toThrow(message);
  });
});
