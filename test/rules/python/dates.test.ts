import fc from "fast-check";
import { parseDate } from "../../../rules/python/date-text/parse-date";
import { PyDatetime } from "../../../rules/python/datetime";
import { addDelta, deltaBetween } from "../../../rules/python/relativedelta";
import { strftime } from "../../../rules/python/strftime";
import { strptime } from "../../../rules/python/strptime";
import { UTC, zoneByName } from "../../../rules/python/zone";

const instants = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
const since1970 = fc.integer({ min: 0, max: 4_102_444_800 });
const microseconds = fc.integer({ min: 0, max: 999_999 });
const zones = fc.constantFrom(
  "Asia/Shanghai",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Europe/Dublin",
);

describe("a date", () => {
  it("shows what JavaScript's calendar shows", () => {
    fc.assert(
      fc.property(instants, (seconds) => {
        const shown = new Date(seconds * 1000).toISOString();
        expect(PyDatetime.fromInstant(seconds, 0, null).toText()).toBe(`${shown.slice(0, 10)} ${shown.slice(11, 19)}`);
      }),
    );
  });

  it("is read from its own text", () => {
    fc.assert(
      fc.property(since1970, microseconds, zones, (seconds, microsecond, zone) => {
        const time = PyDatetime.fromInstant(seconds, microsecond, zoneByName(zone));
        const read = parseDate(time.toText(), 0);
        expect(read?.compareTo(time)).toBe(0);
        expect(read?.toText()).toBe(time.toText());
      }),
    );
  });

  it("is read from what a format made of it", () => {
    fc.assert(
      fc.property(instants, microseconds, (seconds, microsecond) => {
        const time = PyDatetime.fromInstant(seconds, microsecond, UTC);
        fc.pre(time.date.year >= 1000);
        for (const format of [
          "%c.%f %z",
          "%A %d %B %Y %I:%M:%S%p %f%z",
          "%G-%V-%u %X.%f%z",
          "%Y %j %T.%f%z",
          "%Y %U %w %T.%f%z",
        ]) {
          const text = strftime(time, format.replace("%T", "%H:%M:%S"));
          expect(strptime(text, format.replace("%T", "%H:%M:%S")).toText()).toBe(time.toText());
        }
      }),
    );
  });

  it("comes from one date to another by the delta between them", () => {
    fc.assert(
      fc.property(since1970, since1970, microseconds, (from, to, microsecond) => {
        const start = PyDatetime.fromInstant(from, 0, null);
        const end = PyDatetime.fromInstant(to, microsecond, null);
        expect(addDelta(start, deltaBetween(end, start)).toText()).toBe(end.toText());
      }),
    );
  });
});

describe("a zone", () => {
  it("has the offset that the runtime prints", () => {
    fc.assert(
      fc.property(since1970, zones, (seconds, zone) => {
        const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
        const offset = format
          .formatToParts(seconds * 1000)
          .find(({ type }) => type === "timeZoneName")!
          .value.slice(3);
        expect(PyDatetime.fromInstant(seconds, 0, zoneByName(zone)).toText().slice(19)).toBe(offset || "+00:00");
      }),
    );
  });

  it("takes what clocks show twice for the later instant, and what they skip by the offset before", () => {
    const offset = (wall: string, zone: string) =>
      new PyDatetime(parseDate(wall, 0)!.wall, 0, zoneByName(zone)).toText().slice(19);
    expect(offset("2021-11-07 01:30:00", "America/New_York")).toBe("-05:00");
    expect(offset("2021-03-14 02:30:00", "America/New_York")).toBe("-05:00");
    expect(offset("2021-03-14 03:30:00", "America/New_York")).toBe("-04:00");
    expect(offset("2021-04-04 01:45:00", "Australia/Lord_Howe")).toBe("+10:30");
    expect(offset("2021-04-04 01:15:00", "Australia/Lord_Howe")).toBe("+11:00");
  });

  it.each([
    ["Asia/Shanghai", "2021-01-01", "CST"],
    ["America/Los_Angeles", "2021-07-01", "PDT"],
    ["America/Sao_Paulo", "2021-07-01", "-03"],
    ["Asia/Kathmandu", "2021-07-01", "+0545"],
    ["UTC", "2021-07-01", "UTC"],
    ["+08:00", "2021-07-01", ""],
  ])("%s abbreviates itself on %s to %j", (zone, day, expected) => {
    expect(new PyDatetime(parseDate(day, 0)!.wall, 0, zoneByName(zone)).zoneName).toBe(expected);
  });
});
