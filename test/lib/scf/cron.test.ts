import { cronFault } from "../../../lib/scf/cron";

describe("cronFault", () => {
  it.each([
    "0 */5 * * * * *",
    "0 0 2 1 * * *",
    "0 15 10 * * MON-FRI *",
    "0 0 10,14,16 * * * *",
    "5/10 0-29/2 * * * * *",
    "0 0 0 29 2 * *",
    "59 59 23 31 DEC sun 2099",
  ])("finds nothing wrong with %s", (cron) => {
    expect(cronFault(cron)).toBeUndefined();
  });

  it.each([
    ["* * * * *", "it has 5 fields"],
    ["0 0 0 * * * * *", "it has 8 fields"],
    ["60 * * * * * *", 'its second must be 0 to 59, with , - * and /, and is "60"'],
    ["0 0 24 * * * *", 'its hour must be 0 to 23, with , - * and /, and is "24"'],
    ["0 0 0 0 * * *", 'its day of the month must be 1 to 31, with , - * and /, and is "0"'],
    ["0 0 0 ? * * *", 'its day of the month must be 1 to 31, with , - * and /, and is "?"'],
    ["0 0 0 1 MAI * *", 'its month must be 1 to 12 or JAN to DEC, with , - * and /, and is "MAI"'],
    ["0 0 0 * * 7 *", 'its day of the week must be 0 to 6 or SUN to SAT, with , - * and /, and is "7"'],
    ["0 0 0 * * * 1969", 'its year must be 1970 to 2099, with , - * and /, and is "1969"'],
    ["0 */0 * * * * *", 'its minute must be 0 to 59, with , - * and /, and is "*/0"'],
    ["0 30-10 * * * * *", 'its minute must be 0 to 59, with , - * and /, and is "30-10"'],
    ["0 1,,2 * * * * *", 'its minute must be 0 to 59, with , - * and /, and is "1,,2"'],
    ["0 0 0 31 4,6,9,11 * *", "no month that it names has day 31"],
    ["0 0 0 30 FEB * *", "no month that it names has day 30"],
  ])("says what is wrong with %s", (cron, fault) => {
    expect(cronFault(cron)).toBe(fault);
  });
});
