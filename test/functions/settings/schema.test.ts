import {
  byType,
  checked,
  list,
  named,
  object,
  oneOf,
  optional,
  positiveInteger,
  type Read,
  Reading,
  type Schema,
  text,
  withDefault,
  type Written,
} from "../../../functions/settings/schema";

const SHAPE = byType({
  circle: object({ radius: positiveInteger, colour: withDefault(oneOf("red", "blue"), "red") }),
  path: checked(object({ points: list(text), name: optional(text) }), ({ points }, reading) => {
    if (points.length < 2) reading.at("points").report("must be two", points.length, { remedy: "add one" });
  }),
});

/** What is read, and what is wrong. */
function read<R>(schema: Schema<R, unknown>, value: unknown, isUnresolved?: (value: unknown) => boolean) {
  const reading = new Reading("shape", [], isUnresolved);
  const found = schema.read(value, reading);
  return { found, problems: reading.problems.map(({ path, rule, got }) => `${path} ${rule}, got ${got}`) };
}

describe("a schema", () => {
  it("fills defaults in, and leaves out what is optional", () => {
    expect(read(SHAPE, { type: "circle", radius: 1 })).toEqual({
      found: { type: "circle", radius: 1, colour: "red" },
      problems: [],
    });
    const { found } = read(SHAPE, { type: "path", points: ["a", "b"], name: undefined });
    expect(Object.keys(found)).toEqual(["type", "points"]);
  });

  it.each<[string, unknown, string[]]>([
    ["a text for an object", "x", ['shape must be an object, got "x"']],
    ["a list for an object", [], ["shape must be an object, got []"]],
    ["a type of no kind", { type: "cube" }, ['shape.type must be "circle" or "path", got "cube"']],
    [
      "a name that every object has for a type",
      { type: "toString" },
      ['shape.type must be "circle" or "path", got "toString"'],
    ],
    ["an item that is none", { type: "path", points: ["a", 1] }, ["shape.points[1] must be a non-empty string, got 1"]],
    ["an empty list", { type: "path", points: [] }, ["shape.points must be a list that is not empty, got []"]],
    ["what breaks a rule of the whole", { type: "path", points: ["a"] }, ["shape.points must be two, got 1"]],
    [
      "two faults",
      { type: "circle", radius: -1, colour: 5 },
      ["shape.radius must be a positive integer, got -1", 'shape.colour must be "red" or "blue", got 5'],
    ],
    [
      "a name that nobody reads",
      { type: "circle", radius: 1, hidden: "s3cret" },
      ["shape.hidden must be the name of a setting, got an unknown one"],
    ],
  ])("tells %s by its path", (_, value, problems) => {
    expect(read(SHAPE, value).problems).toEqual(problems);
  });

  it("takes names of the writer's choice where it says so", () => {
    const shapes = named({ pattern: /^[a-z]+$/, rule: "must have small letters" }, SHAPE);
    expect(read(shapes, { a: { type: "circle", radius: 1 } }).problems).toEqual([]);
    expect(read(shapes, { A: { type: "circle", radius: 0 } }).problems).toEqual([
      'shape must have small letters, got "A"',
      "shape.A.radius must be a positive integer, got 0",
    ]);
  });

  it("lets pass what only the plan will know, wherever it stands", () => {
    const isToken = (value: unknown) => value === "token";
    for (const value of ["token", { type: "token" }, { type: "circle", radius: "token", colour: "token" }]) {
      expect(read(SHAPE, value, isToken)).toEqual({ found: expect.anything() as unknown, problems: [] });
    }
    expect(read(SHAPE, { type: "path", points: "token" }, isToken).problems).toEqual([]);
  });

  it("has types of what is written and of what is read", () => {
    const written: Written<typeof SHAPE>[] = [
      { type: "circle", radius: 1 },
      { type: "path", points: ["a", "b"], name: "n" },
      // @ts-expect-error a circle needs its radius
      { type: "circle" },
      // @ts-expect-error a path has no colour
      { type: "path", points: ["a", "b"], colour: "red" },
    ];
    const reads: Read<typeof SHAPE>[] = [
      { type: "circle", radius: 1, colour: "blue" },
      // @ts-expect-error what has a default is always read
      { type: "circle", radius: 1 },
    ];
    expect([...written, ...reads].map(({ type }) => type)).toEqual([
      "circle",
      "path",
      "circle",
      "path",
      "circle",
      "circle",
    ]);
  });
});
