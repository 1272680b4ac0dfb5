import fc from "fast-check";
import { objectEvent } from "../../cli/replay/event";
import { readCosEvent } from "../../functions/events/cos-event";

describe("the event of a replay", () => {
  const objects = fc.record(
    {
      bucket: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}-\d{10}$/),
      region: fc.constantFrom("ap-guangzhou", "na-siliconvalley"),
      key: fc.string({ unit: "binary", minLength: 1 }).filter((key) => !key.endsWith("/")),
      versionId: fc.stringMatching(/^[A-Za-z0-9]{1,20}$/),
      eTag: fc.stringMatching(/^"[0-9a-f]{32}"$/),
    },
    { requiredKeys: ["bucket", "region", "key"] },
  );

  it("names the very object, for any key and version", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const { objects: named, errors } = readCosEvent(objectEvent(object), "other");
        expect(errors).toEqual([]);
        expect(named).toEqual([object]);
      }),
    );
  });

  it("leaves open what the event that failed left open", () => {
    const object = { bucket: "logs-1250000000", region: "ap-guangzhou", key: "a+b+%2B/+.gz", otherKey: "a b+%2B/ .gz" };
    expect(readCosEvent(objectEvent(object), "other").objects).toEqual([object]);
  });
});
