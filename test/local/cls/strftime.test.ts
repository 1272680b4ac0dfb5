import { strftime, zoneOffsetMinutes } from "../../../local/cls/strftime";

const TIME = Date.UTC(2026, 0, 2, 20, 4, 5);

test.each([
  ["/%Y/%m/%d/%H/", "GMT+08:00", "/2026/01/03/04/"],
  ["%Y%m%d%H%M%S", "UTC+00:00", "20260102200405"],
  ["%F_%y_%j_%%", "UTC-05:00", "2026-01-02_26_002_%"],
  ["%d", "GMT+5:30", "03"],
  ["plain", "UTC", "plain"],
])("%s in %s is %s", (format, zone, expected) => {
  expect(strftime(format, TIME, zoneOffsetMinutes(zone))).toBe(expected);
});

test("refuses what it does not know", () => {
  expect(() => strftime("%Q", TIME, 0)).toThrow('partition must hold known strftime directives, got "%Q"');
  expect(() => zoneOffsetMinutes("Asia/Shanghai")).toThrow(
    'time_zone must be GMT±hh:mm or UTC±hh:mm, got "Asia/Shanghai"',
  );
});
