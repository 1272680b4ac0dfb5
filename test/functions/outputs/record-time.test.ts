import { IndexName } from "../../../functions/outputs/elasticsearch/index-name";
import { IsoTimes, timeOf } from "../../../functions/outputs/record-time";
import { severityOf } from "../../../functions/outputs/otlp/severity";
import type { FieldValue } from "../../../functions/records/contracts";

const MS = 1_700_000_000_123;

it.each<[string, unknown, number | undefined, boolean]>([
  ["seconds", 1_700_000_000, 1_700_000_000_000, true],
  ["seconds with a fraction", 1_700_000_000.123, MS, true],
  ["milliseconds", MS, MS, true],
  ["their text", String(MS), MS, true],
  ["microseconds", 1_700_000_000_123_456, MS, false],
  ["nanoseconds as text", "1700000000123000000", MS, true],
  ["ISO 8601 in UTC", "2023-11-14T22:13:20.123Z", MS, true],
  ["ISO 8601 with nanoseconds", "2023-11-14T22:13:20.123456789Z", MS, false],
  ["ISO 8601 with another zone", "2023-11-15 06:13:20,123+0800", MS, true],
  ["ISO 8601 with hours alone", "2023-11-15T06:13:20.123+08", MS, true],
  ["ISO 8601 without a zone", "2023-11-14T22:13:20", undefined, false],
  ["a day that is none", "2023-13-45T22:13:20Z", undefined, false],
  ["a small number", 503, undefined, false],
  ["a negative number", -1_700_000_000, undefined, false],
  ["a text", "today", undefined, false],
  ["a list", [MS], undefined, false],
  ["nothing", null, undefined, false],
])("reads a time: %s", (_, value, ms, isExact) => {
  expect(timeOf(value as FieldValue)).toEqual(ms === undefined ? undefined : { ms, isExact });
});

it("writes times as the platform does, whatever came before", () => {
  const times = new IsoTimes();
  for (const ms of [MS, MS + 5, MS, 1_700_000_000_000, 1_699_999_999_999]) {
    expect(times.at(ms)).toBe(new Date(ms).toISOString());
  }
});

it.each<[unknown, number | undefined]>([
  ["info", 9],
  ["INFO2", 10],
  ["Warning", 13],
  ["err", 17],
  ["FATAL", 21],
  ["E", 17],
  [50, 17],
  ["30", 9],
  [7, 0],
  ["whatever", 0],
  ["constructor", 0],
  ["", undefined],
  [["x"], undefined],
])("severity %j is %j", (value, number) => {
  expect(severityOf(value as FieldValue)?.number).toBe(number);
});

it("names an index by the hour, whichever came before", () => {
  const name = new IndexName("a-%Y.%m.%d-%H");
  expect([MS, undefined, MS + 3_600_000, MS].map((ms) => name.at(ms))).toEqual([
    "a-2023.11.14-22",
    "a-undated",
    "a-2023.11.14-23",
    "a-2023.11.14-22",
  ]);
});
