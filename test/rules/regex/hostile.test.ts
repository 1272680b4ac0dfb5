import { compileRegex } from "../../../rules/regex/compile";

/** Patterns that are known for their exponential or quadratic time, each with what makes the texts. */
const FAMOUS: readonly (readonly [pattern: string, unit: string, end: string])[] = [
  ["^(a+)+$", "a", "!"],
  ["^(a|a)*$", "a", "!"],
  ["^(a|aa)+$", "a", "!"],
  ["(x+x+)+y", "x", ""],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "a", ""],
  ["(.*)*=", "a", ""],
  ["^(\\w+\\s?)*$", "aaaa ", "!"],
  ["(?i)^(a+b?)*c$", "aB", "!"],
  ["^(.*?,){11}P", "1,", ""],
  ["(a?){20}a{20}b", "a", ""],
  ["^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}[a-z]{2,3}$", "a", "!"],
  ["(\\d+)*\\.(\\d+)*x", "1", ""],
  ["\\s+$", " ", "x"],
  ["\\s+?$", " ", "x"],
  ["a.*?b", "a", ""],
  ["(\\w+)=(\\d+)", "a", ""],
  ["^a*a*a*a*b", "a", ""],
  ["x[^y]*y[^z]*z", "x", "y"],
  ["(?:\\.\\w+)*@", ".a", ""],
  ["^(é|中+)+$", "中", "!"],
  ["^(\\b\\w+\\b ?)+$", "中a ", "!"],
  ["(?m)^(a+)+$", "a", "!\n"],
];

/** Milliseconds of CPU that a search over a text takes, since others work on this machine too; the better of two runs. */
function timeOf(pattern: string, text: string): number {
  const regex = compileRegex(pattern);
  const run = (): number => {
    const start = process.cpuUsage();
    regex.search(text);
    regex.test(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  return Math.min(run(), run());
}

it.each(FAMOUS)("takes no more than linear time for %s", (pattern, unit, end) => {
  const text = (length: number): string => unit.repeat(Math.ceil(length / unit.length)) + end;
  timeOf(pattern, text(1_000));
  const [short, long] = [5_000, 20_000].map((length) => timeOf(pattern, text(length)));
  // Four times the text: linear is four times the time, quadratic sixteen; the clock and the machine get their share.
  expect(long).toBeLessThan(10 * Math.max(short, 20));
});
