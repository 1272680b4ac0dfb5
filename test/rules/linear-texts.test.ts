import { failureOf } from "./support";

/** Milliseconds of CPU. */
function timeOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Texts that are no numbers in the end, which a line of a log may hold. */
const NO_NUMBERS: readonly (readonly [name: string, text: string])[] = [
  ["digits", `${"7".repeat(200_000)}!`],
  ["blanks", `x${" ".repeat(200_000)}!`],
  ["groups", `${"1_".repeat(100_000)}!`],
  ["wide digits", `${"７".repeat(200_000)}!`],
];
const READERS = [
  'e_set("o", ct_float(v("a")))',
  'e_set("o", ct_int(v("a")))',
  'e_set("o", mat_fabs(v("a")))',
  'e_if(e_search("a > 5"), e_set("o", "1"))',
  'e_set("o", json_select(v("j"), "to_number(@[0])"))',
  'e_to_metric(names="a")',
];

it.each(READERS)("%s takes linear time for texts that are no numbers", (rules) => {
  for (const [name, text] of NO_NUMBERS) {
    const took = timeOf(() => failureOf(rules, { a: text, j: JSON.stringify([text]) }));
    // Quadratic time would be a minute.
    expect([name, took < 1_000 ? "fast" : took]).toEqual([name, "fast"]);
  }
});

it("a separator that an event brings is bounded", () => {
  const event = { a: "x=1", long: "=".repeat(1001) };
  const wanted = "must get 1000 characters at most as";
  expect(failureOf('e_kv("a", sep=v("long"))', event)).toContain(`e_kv ${wanted} sep, got 1001`);
  expect(failureOf('e_kv("a", quote=v("long"))', event)).toContain(`e_kv ${wanted} quote, got 1001`);
  expect(failureOf('e_kv_delimit("a", pair_sep=v("long"))', event)).toContain(
    `e_kv_delimit ${wanted} pair_sep, got 1001`,
  );
});

it("a format of dates that an event brings is bounded", () => {
  const wanted = "A format of dates must have 1000 characters at most, got 1001";
  expect(failureOf('e_set("o", dt_strptime("1", v("a")))', { a: "-".repeat(1001) })).toContain(wanted);
  expect(failureOf('e_set("o", dt_strftime(dt_now(), v("a")))', { a: "-".repeat(1001) })).toContain(wanted);
});
