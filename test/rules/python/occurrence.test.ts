import { firstIn, lastIn } from "../../../rules/python/occurrence";
import { generator } from "../fuzz";
import { valueOf } from "../support";

it("finds long texts where V8 finds them", () => {
  const random = generator(13);
  const text = (length: number, letters: string): string =>
    Array.from({ length }, () => letters[Math.floor(random() ** 3 * letters.length)]).join("");
  let found = 0;
  for (let tried = 0; tried < 500; tried++) {
    const letters = ["ab", "a", "ab中"][tried % 3];
    const part = text(257 + (tried % 50), letters);
    const pieces = [
      text(300, letters),
      part.slice(0, -1),
      part.slice(1),
      "x",
      tried % 2 === 0 ? part : "",
      part.slice(9),
    ];
    const whole = pieces.join("") + pieces.reverse().join("");
    const from = tried % 400;
    expect([firstIn(whole, part, from), lastIn(whole, part)]).toEqual([
      whole.indexOf(part, from),
      whole.lastIndexOf(part),
    ]);
    if (whole.includes(part)) found++;
  }
  expect(found).toBeGreaterThan(200);
  expect(found).toBeLessThan(500);
});

it.each([
  ['str_find(v("a"), v("b"))', "-1"],
  ['str_rfind(v("a"), v("b"))', "-1"],
  ['str_count(v("a"), v("b"))', "0"],
  ['op_len(str_replace(v("a"), v("b"), "x"))', "1000000"],
  ['op_len(str_split(v("a"), v("b")))', "1"],
  ['op_index(str_partition(v("a"), v("b")), 1)', ""],
  ['op_index(str_rpartition(v("a"), v("b")), 1)', ""],
  ['op_in(v("a"), v("b"))', "false"],
])("%s takes the sum of both lengths, and not their product", (call, expected) => {
  const half = "a".repeat(250_000);
  const start = process.cpuUsage();
  expect(valueOf(call, { a: "a".repeat(1_000_000), b: `${half}b${half}` })).toBe(expected);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(2000);
});
