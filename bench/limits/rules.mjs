import { median } from "../lib/spawn.mjs";
import { compiled, Event, events, SEVEN_LINES } from "../lib/rules-events.mjs";

const ROUNDS = 9;
const EVENTS = 50_000;

/** The time of an event through the seven-line rule (300,000 per second), and of compiling 200 statements. */
export default () => [
  { name: "rules, an event of 20 fields", value: microsecondsAnEvent(), below: 1000 / 300, unit: "us" },
  { name: "rules, compiling 200 statements", value: millisecondsToCompile(), below: 50, unit: "ms" },
];

function microsecondsAnEvent() {
  const rules = compiled(SEVEN_LINES);
  const all = events(EVENTS);
  const run = () => {
    for (const fields of all) rules.run(new Event(fields));
  };
  run();
  return (median(Array.from({ length: ROUNDS }, () => msOf(run))) / EVENTS) * 1000;
}

function millisecondsToCompile() {
  const statement = (n) =>
    `e_if(e_search("f${n}: x and not g${n}==y"), e_set("a${n}", str_join("-", v("b${n}"), op_add("c", "d"))))\n`;
  const text = Array.from({ length: 200 }, (_, n) => statement(n)).join("");
  return median(Array.from({ length: ROUNDS }, () => msOf(() => compiled(text))));
}

function msOf(work) {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
