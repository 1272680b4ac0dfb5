import type { Fields, FieldValue } from "../../../functions/records/contracts";
import { Changes } from "../../../rules";
import type { Random } from "../parser/scan/random";

/**
 * Lengths of texts and names at which a writer changes its method: eight bytes at a time, two-byte lengths, pieces of
 * memory.
 */
const LENGTHS = [
  0, 1, 7, 8, 9, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 255, 256, 257, 16_383, 16_384,
];

/** Names with a meaning for an output, with two-byte lengths, or beyond ASCII; and ordinary ones. */
const NAMES = [
  ..."abcdefgh",
  "__TIMESTAMP__",
  "level",
  "message",
  "trace_id",
  "span_id",
  "host",
  "log.record.uid",
  "log_id",
  "_x",
  "",
  "é中",
  "k".repeat(119),
  "k".repeat(127),
  "k".repeat(128),
  "中".repeat(43),
  "__proto__",
  "constructor",
];

/** Values that an output can interpret as a time, a severity or an id. */
const TELLING = [
  "1605578090123",
  "2020-01-01T00:00:00Z",
  "warn",
  "0AF7651916CD43DD8448EB211C80319C",
  "00f067aa0ba902b7",
];

/**
 * Names of a line. Sometimes there are so many that writers have no room for them at first, or a repeated one and an
 * integer.
 */
function namesOf(random: Random): string[] {
  const names = [...new Set(Array.from({ length: random.below(9) }, () => random.pick(NAMES)))];
  const many = random.below(6) === 0 ? random.pick([63, 64, 65, 66, 130]) : 0;
  names.splice(random.below(names.length + 1), 0, ...Array.from({ length: many }, (_, n) => `n${n}`));
  return random.below(10) === 0 ? [...names, "a", "10", "a"] : names;
}

function textOf(random: Random): string {
  const bytes = random.below(5) === 0 ? random.pick(LENGTHS) : random.below(random.pick([3, 20, 140]));
  return random.pick([
    "x".repeat(bytes),
    "x".repeat(bytes),
    "中".repeat(bytes / 3),
    '\n"'.repeat(bytes / 4),
    random.pick(TELLING),
  ]);
}

function jsonOf(random: Random): string {
  if (random.below(5) > 0) return JSON.stringify(textOf(random));
  return random.pick(["1", "1605578090123", "1.50", "null", "true", "[1,[2]]", '{"a":{"b":"c"}}', '"\\ud83d\\ude00"']);
}

/** Lines of some shapes, with texts and names of lengths at which outputs change their method, mixed with others. */
export function edgeLines(random: Random, count: number): string[] {
  const shapes = Array.from({ length: 40 }, () => namesOf(random));
  return Array.from({ length: count }, () => {
    const members = random.pick(shapes).map((name) => `${JSON.stringify(name)}:${jsonOf(random)}`);
    return `{${members.join(",")}}`;
  });
}

/** Changes of some fields, and a new one. */
export function edgeChanges(random: Random, fields: Readonly<Fields>): Changes {
  const names = [...Object.keys(fields), ...NAMES];
  const value = () =>
    random.pick<() => FieldValue | undefined>([() => undefined, () => textOf(random), () => 5, () => null])();
  return new Changes(Array.from({ length: random.below(4) }, () => [random.pick(names), value()]));
}
