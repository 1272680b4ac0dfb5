import type { Random } from "../parser/scan/random";
import { grammarLine, logLine } from "../parser/scan/random-lines";

/** The JSON of a CLS event: logs of all kinds, with necessary and unnecessary escapes, and spaces anywhere. */
export function randomEvent(random: Random): Buffer {
  const gap = random.below(3) === 0 ? () => random.pick(["", " ", "\n", "\r\n", "\t "]) : () => "";
  const logs = Array.from({ length: random.below(random.pick([3, 30, 200])) }, () => randomLog(random, gap));
  const members = [`"topic_id":${gap()}"t-1"`, `"records"${gap()}:[${gap()}${logs.join(`${gap()},${gap()}`)}${gap()}]`];
  if (random.below(2) === 0) members.push(`"topic_name":"\\u4e2d"`);
  if (random.below(5) === 0) members.reverse();
  return Buffer.from(`{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}${gap()}`);
}

function randomLog(random: Random, gap: () => string): string {
  if (random.below(40) === 0) return random.pick(["null", "[]", "5", '"text"', "{}", '{"a":1}']);
  const members = [`"content"${gap()}:${gap()}${randomContent(random)}`];
  if (random.below(10) > 0) members.unshift(`"timestamp":${randomTime(random)}${gap()}`);
  if (random.below(8) === 0) members.push(`"more"${gap()}:${grammarLine(random).trim()}`);
  if (random.below(30) === 0) members.push(members[0]);
  return `{${gap()}${members.join(`,${gap()}`)}${gap()}}`;
}

function randomTime(random: Random): string {
  const time = String(1605578090000000 + random.below(1e9));
  return random.below(10) === 0
    ? random.pick(['""', "null", '"x"', "-1", "1e3", "0", '"0"'])
    : random.pick([time, `"${time}"`]);
}

function randomContent(random: Random): string {
  const line = random.below(3) === 0 ? grammarLine(random) : logLine(random);
  if (random.below(40) === 0) return line.trim();
  const text = random.pick([
    line,
    line,
    line,
    ` ${line} `,
    line.replace(/^\s*\{/, `{"__TIMESTAMP__":${random.below(99)},`),
    line.slice(0, random.below(line.length)),
    `text ${line}`,
    JSON.stringify(JSON.parse(line), undefined, 1),
    "",
  ]);
  return escaped(random, text);
}

/** A JSON string of a text, with some unnecessary escapes. */
function escaped(random: Random, text: string): string {
  if (random.below(2) === 0) return JSON.stringify(text);
  const most = random.pick([2, 10, 60]);
  const units = text.split("").map((unit) => {
    if (random.below(most) > 0) return JSON.stringify(unit).slice(1, -1);
    if (unit === "/") return "\\/";
    const digits = unit.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${random.below(2) === 0 ? digits : digits.toUpperCase()}`;
  });
  // Units that JSON.stringify wrote for one half of a surrogate pair join with the other half.
  return `"${units.join("")}"`;
}
