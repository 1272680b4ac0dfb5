/** Where a byte may stand that JSON takes, or does not. `?` is the place. */
const PLACES = [
  '?{"a":1}',
  '{?"a":1}',
  '{"a?":1}',
  '{"a"?:1}',
  '{"a":?1}',
  '{"a":1?}',
  '{"a":1?2}',
  '{"a":"b?c"}',
  '{"a":"b\\?"}',
  '{"a":"\\u1?bc"}',
  '{"a":"\\u123?"}',
  '{"a":[1,?2]}',
  '{"a":[1?,2]}',
  '{"a":{"b"?:{}}}',
  '{"a":{"b":[]?}}',
  '{"a":?rue}',
  '{"a":?alse}',
  '{"a":?ull}',
  '{"a":t?ue}',
  '{"a":fals?}',
  '{"a":nul?}',
  '{"a":1.?}',
  '{"a":1e?5}',
  '{"a":-?}',
  '{"a":1}?',
  "{?}",
  '{"a":[?]}',
  '{"a":1,?"b":2}',
  // If the byte is a digit, the comma is missing.
  '{"a":1?"b":22}',
  '{"a":{?"b":2}}',
];

/** Every byte in each place, behind lines that foretell the key or do not. */
export function everyByte(): Buffer[] {
  return PLACES.map((place) => {
    const [before, behind] = place.split("?");
    const lines: Buffer[] = [];
    for (let byte = 0; byte < 256; byte++) {
      lines.push(Buffer.concat([Buffer.from(before), Buffer.from([byte]), Buffer.from(`${behind}\n`)]));
      if (byte % 7 === 0) lines.push(Buffer.from('{"a":1,"b":2}\n'));
    }
    return Buffer.concat(lines);
  });
}

/** Every byte at each place of the vectors that a string or a key is looked at by. */
export function everyByteInVectors(): Buffer[] {
  const texts: Buffer[] = [];
  for (let length = 0; length < 36; length++) {
    const lines: Buffer[] = [];
    for (let byte = 0; byte < 256; byte++) {
      const around = ["x".repeat(length), "y".repeat((byte * 5) % 23)];
      for (const form of [
        ['{"a":"', '"}\n'],
        ['{"', '":1}\n'],
        ['{"a":["', '"]}\n'],
      ]) {
        lines.push(Buffer.from(form[0] + around[0]), Buffer.from([byte]), Buffer.from(around[1] + form[1]));
      }
    }
    texts.push(Buffer.concat(lines));
  }
  return texts;
}

const GOOD_VALUES = [
  ...["0", "-0", "1", "-1", "10", "0.0", "-0.0", "0.5", "1.50", "123456789012345", "999999999999999999"],
  ...["9007199254740991", "-9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993"],
  ...["900719925474099.1", "0.9007199254740991", "0.9007199254740993", "0.000000000000000001", "4.35", "0.1", "1e5"],
  ...["1E5", "1e+5", "1e-5", "0e0", "-0e0", "1.5e300", "1e400", "-1e400", "1e99", "1e308", "1e309", "1e-400"],
  ...[
    "123456789012345678",
    "1234567890123456789",
    "12345678901234567890",
    "18446744073709551616",
    "0.30000000000000004",
  ],
  ...[
    "12345678901234567.5",
    "9".repeat(99),
    "9".repeat(101),
    "9".repeat(400),
    `${"9".repeat(310)}.5`,
    `1${"0".repeat(320)}e1`,
  ],
  ...[
    `${"1".repeat(250)}e99`,
    `${"1".repeat(99)}e99`,
    `0.${"0".repeat(400)}1`,
    "36893488147419103232",
    "10000000000000000000000",
  ],
  ...[
    "true",
    "false",
    "null",
    '""',
    '"a"',
    '"\\""',
    '"\\\\"',
    '"\\/\\b\\f\\n\\r\\t"',
    '"\\u0000\\uD800\\udfff\\uFfFf"',
  ],
  ...['"\u007f"', '"\u2028\u2029"', '"é"', '"中文"', '"\u{1f600}"', `"${"x".repeat(40)}"`, `"${"é".repeat(20)}\\n"`],
  ...["[]", "[ ]", "{}", "{ }", "[1]", "[1,2]", '["a",{"b":[]}]', '{"a":1}', '{"a":{"b":{"c":[[[]]]}}}', "[[],{}]"],
  ...['{"a":1,"a":2}', '{"__proto__":1}', '{"":0}', "[1 , 2\t]", '{ "a" : 1 , "b" : [ ] }', '[{"a":"}"},"]"]', "[-0]"],
];

const BAD_VALUES = [
  ...[
    "",
    "-",
    "+1",
    "01",
    "-01",
    "00",
    "1.",
    ".5",
    "-.5",
    "1.e5",
    "1e",
    "1e+",
    "1E-",
    "1.5e",
    "0x1",
    "1_0",
    "1a",
    "--1",
  ],
  ...[
    "NaN",
    "Infinity",
    "-Infinity",
    "undefined",
    "True",
    "tru",
    "truE",
    "truex",
    "fals",
    "falsey",
    "nul",
    "nulll",
    "NULL",
  ],
  ...[
    "'a'",
    '"',
    '"a',
    '"\\"',
    '"\\',
    '"\\x"',
    '"\\u"',
    '"\\u12"',
    '"\\u123"',
    '"\\u123g"',
    '"\\U1234"',
    '"\t"',
    '"\u0000"',
    '"\u001f"',
  ],
  ...[
    '"\\ "',
    '"\\0"',
    '"\\\'"',
    '"\\a"',
    '"\\u 123"',
    '"\\u+123"',
    '"\\u-123"',
    '"a"b"',
    '"a""b"',
    "[",
    "]",
    "[1",
    "[1,",
    "[1,]",
  ],
  ...[
    "[,1]",
    "[,]",
    "[1 2]",
    "[1;2]",
    "[1}",
    "{",
    "}",
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    "{,}",
    '{,"a":1}',
    "{a:1}",
  ],
  ...[
    '{"a" 1}',
    '{"a":}',
    '{"a"::1}',
    '{"a":1 "b":2}',
    '{"a":1]',
    "{1:2}",
    '{"a",1}',
    "{null:1}",
    '{"a":1,,"b":2}',
    "[1,,2]",
    "{}}",
    "[]]",
  ],
  ...[
    "/**/1",
    "1//",
    "1 2",
    "1,2",
    "\u00a0",
    "\ufeff1",
    "\u000b1",
    "\u000c1",
    "1\u00a0",
    "[\u2028]",
    "\u007f",
    "é",
    "[é]",
    '{"a":é}',
  ],
];

/** Values, each at the places where a value may stand. `?` is the place. */
const HOLES = [
  '{"a":?}',
  '{"a" : ? }',
  '{"a":?,"b":1}',
  '{"b":"x","a":?}',
  '{"a":[?]}',
  '{"a":[0,?,0]}',
  '{"a":{"b":?}}',
  '{"a":[{"b":[?,{"c":?}]}],"d":?}',
  ' \t{\r"a"\t:?\r}\t \r',
];

export function goodLines(): string[] {
  const objects = [
    "{}",
    " {} ",
    "{ }",
    "\t{}\r",
    '{"":""}',
    '{"a":1,"a":2}',
    '{"a":1,"b":2,"a":3}',
    '{"a":1,"\\u0061":2}',
  ];
  return [...objects, ...HOLES.flatMap((hole) => GOOD_VALUES.map((value) => hole.replaceAll("?", () => value)))];
}

export function badLines(): string[] {
  const lines = [
    "[]",
    "[{}]",
    "1",
    '"a"',
    "null",
    "true",
    "{",
    "}",
    "{}{}",
    "{},",
    ",{}",
    "{}1",
    "{} {}",
    "\u00a0{}",
    "x{}",
    "{}x",
  ];
  return [...lines, ...HOLES.flatMap((hole) => BAD_VALUES.map((value) => hole.replaceAll("?", () => value)))];
}

/** Nested lines of each depth, whole and with one bracket that is another, or one too few or too many. */
export function nestedLines(depth: number): { readonly good: string[]; readonly bad: string[] } {
  const kinds = [() => false, () => true, (level: number) => level % 2 === 0, (level: number) => (level * 7) % 3 === 0];
  const good: string[] = [];
  const bad: string[] = [];
  for (const isObject of kinds) {
    const opening = Array.from({ length: depth }, (_, level) => (isObject(level) ? '{"k":' : "["));
    const closing = Array.from({ length: depth }, (_, level) => (isObject(level) ? "}" : "]")).reverse();
    const line = (ends: readonly string[]) => `{"a":${opening.join("")}1${ends.join("")}}`;
    good.push(line(closing), `{"a":${opening.join(" ")} 1 ${closing.join(" ")} , "b":2}`);
    for (let level = 0; level < depth; level += depth < 40 || level > depth - 3 ? 1 : 3) {
      bad.push(line(closing.map((end, at) => (at !== level ? end : end === "}" ? "]" : "}"))));
    }
    bad.push(line(closing.slice(1)), line([...closing, "]"]), line([...closing, "}"]));
  }
  return { good, bad };
}

const KEY_LENGTHS = [0, 1, 2, 12, 13, 14, 15, 16, 17, 29, 30, 31, 32, 33, 45, 46, 47, 253, 254, 255, 256, 300];

/** Lines whose keys foretell those of the next: equal up to some byte, longer, shorter, spaced, broken. */
export function keyLines(): string[][] {
  return KEY_LENGTHS.flatMap((length) => {
    const key = Array.from({ length }, (_, at) => "abcdefghijklmnopqrstuvwxyz"[at % 26]).join("");
    const line = (other: string, colon = ":") => `{"${other}"${colon}1,"next":2}`;
    const ends = [line(key, ""), line(key, " "), line(key, ","), `{"${key}`, `{"${key}"`, `{"${key}":`];
    const others = [`${key}x`, key.slice(0, -1)].map((other) => line(other));
    const texts = [...ends, ...others, line(key, " :"), line(key, "::")].map((other) => [line(key), other, line(key)]);
    for (let at = 0; at < length; at++) {
      const change = (other: string) => line(key.slice(0, at) + other + key.slice(at + 1));
      texts.push(["Z", '"', "\\", "\\\\", "\u0001", "é"].flatMap((other) => [line(key), change(other)]));
    }
    return texts;
  });
}

/** Numbers of each length in front of the point and behind it, and what may stand around them. */
export function numberLines(): string[] {
  const digits = "9".repeat(22);
  const other = "1234567890123456789012";
  const lines: string[] = [];
  for (let whole = 1; whole < 20; whole++) {
    for (const from of [digits, other, "0".repeat(22), `1${"0".repeat(21)}`]) {
      const number = from.slice(0, whole);
      const wholes = [
        number,
        `-${number}`,
        `${number}e1`,
        `${number}.`,
        `${number}.e1`,
        `${number}:`,
        `${number}/`,
        `0${number}`,
      ];
      for (let fraction = 1; fraction < 20; fraction++) {
        for (const behind of [digits, other, "0".repeat(22), `${"0".repeat(fraction - 1)}1`]) {
          const decimal = `${number}.${behind.slice(0, fraction)}`;
          wholes.push(decimal, `-${decimal}`, `${decimal}.`, `${decimal}:`, `${decimal}E-2`);
        }
      }
      lines.push(...wholes.map((one) => `{"a":${one},"b":[${one}]}`));
    }
  }
  // A double takes the last of them for zero, which they are not.
  for (const zeros of [20, 99, 100, 150, 323, 350, 399])
    lines.push(...["", "-"].map((sign) => `{"a":${sign}0.${"0".repeat(zeros)}1}`));
  return lines;
}
