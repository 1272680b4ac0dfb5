import { changesOf, expectChanges, type PlanDocument } from "./changes";

/** A plan of one change. */
function planOf(
  actions: string[],
  before: object | null,
  after: object | null,
  unknown = {},
  mode = "managed",
): PlanDocument {
  const change = { actions, before, after, after_unknown: unknown } as NonNullable<
    PlanDocument["resource_changes"]
  >[number]["change"];
  return { resource_changes: [{ address: "a.b", type: "a", mode, change }] };
}

test.each([
  ["what stays is no change", ["no-op"], []],
  ["what is only read is no change", ["read"], []],
  ["what is created is told", ["create"], ["create a"]],
  ["what is deleted is told", ["delete"], ["delete a"]],
  ["deleting and creating again is a replacement", ["delete", "create"], ["replace a"]],
  ["creating before deleting is a replacement", ["create", "delete"], ["replace a"]],
])("%s", (_name, actions, expected) => {
  expectChanges(changesOf(planOf(actions, { x: 1 }, { x: 1 })), expected);
});

test("an update tells its arguments, without those that the cloud will compute", () => {
  const changes = changesOf(planOf(["update"], { x: [1], y: 1, time: 1 }, { x: [2], y: 1 }, { time: true }));
  expectChanges(changes, ["update a(x)"]);
  expect(() => expectChanges(changes, ["update a(y)"])).toThrow(
    "the plan must change\n  update a(y)\ngot\n  update a(x)",
  );
});

test("data sources do not count", () => {
  expect(changesOf(planOf(["create"], null, {}, {}, "data"))).toEqual([]);
});
