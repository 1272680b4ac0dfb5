import fc from "fast-check";
import { readClsEvent } from "../../../functions/events/cls-event";
import { readCosEvent } from "../../../functions/events/cos-event";
import { eventKind } from "../../../functions/events/event-kind";
import { cosEvent, cosRecord } from "../support/events";

const COS_EVENT = cosEvent(cosRecord("logs-1250000000", "a.gz"));
const SECRET = "password-in-an-event";

/** Events that are neither one of a COS trigger nor one of a CLS trigger, and what they are called. */
const FOREIGN: [unknown, string][] = [
  [undefined, "undefined"],
  [null, "null"],
  [7, "number"],
  [true, "boolean"],
  ["", "an empty text"],
  [" \n", "an empty text"],
  [SECRET, "text that is no JSON"],
  ["7", "text"],
  ["{}", "JSON text of an empty object"],
  [JSON.stringify(COS_EVENT), "JSON text of one of a COS trigger"],
  [JSON.stringify({ clslogs: { data: SECRET } }), "JSON text of one of a CLS trigger"],
  [JSON.stringify([cosRecord("logs-1", "a")]), "JSON text of a bare list, the first item a Record of a COS event"],
  [[], "an empty list"],
  [[SECRET], "a bare list, the first item string"],
  [[cosRecord("logs-1", "a")], "a bare list, the first item a Record of a COS event without its list"],
  [{}, "an empty object"],
  [{ Records: [] }, "one whose list of Records is empty"],
  [{ Records: [{ CMQ: { msgBody: SECRET } }] }, "one of a CMQ trigger"],
  [{ Records: [{ Ckafka: { topic: "t", msgBody: SECRET } }] }, "one of a CKafka trigger"],
  [{ Records: [{ s3: { object: { key: SECRET } } }] }, "one of Amazon S3"],
  [{ specversion: "1.0", source: "cos.cloud.tencent", data: cosRecord("logs-1", "a") }, "one of EventBridge"],
  [{ Type: "Timer", TriggerName: "every", Time: "2026-01-01T00:00:00Z", Message: SECRET }, "one of a timer"],
  [{ httpMethod: "POST", headers: {}, body: SECRET }, "an HTTP request"],
  [{ requestContext: { path: "/" }, body: SECRET }, "an HTTP request"],
  [cosRecord("logs-1", "a"), "a Record of a COS event without its list"],
  [{ topic_id: "t", records: [] }, "the logs of a CLS event without their envelope"],
  [{ [SECRET]: 1 }, "an object of no known kind"],
];

describe("an event of another kind", () => {
  it.each(FOREIGN)("is named, and neither taken for one of COS nor for one of CLS, nor quoted: %j", (event, kind) => {
    const { objects, errors } = readCosEvent(event, "ap-guangzhou");
    expect(objects).toEqual([]);
    expect(errors).toHaveLength(1);
    const [{ code, message }] = errors;
    expect(code).toBe("LOGS_EVENT");
    expect(message).toMatch(/^the event must be one of a COS trigger, got .*; remove the trigger, or the call, that/);
    expect(message).toContain(kind);
    expect(message).not.toContain(SECRET);
    const read = () => readClsEvent(event);
    expect(read).toThrow(`the event must be one of a CLS trigger, got ${eventKind(event)}`);
    expect(read).toThrow(kind);
    expect(read).not.toThrow(SECRET);
  });

  it("is the other trigger's own, for each of the two", () => {
    expect(readCosEvent({ clslogs: { data: "" } }, "ap-guangzhou").errors[0].message).toContain(
      "got one of a CLS trigger",
    );
    expect(() => readClsEvent(COS_EVENT)).toThrow("got one of a COS trigger");
  });

  it("is never read as no object and no error, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        const { objects, errors } = readCosEvent(event, "ap-guangzhou");
        expect(objects.length + errors.length).toBeGreaterThan(0);
        expect(() => readClsEvent(event)).toThrow(expect.objectContaining({ code: "LOGS_EVENT" }) as Error);
      }),
      { numRuns: 500 },
    );
  });
});
