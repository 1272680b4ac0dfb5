import { gunzipSync } from "node:zlib";
import { feedLines } from "../../../cli/local/feed-lines";
import { firstTime, toRecord } from "../../../local/feed/record";
import { findTarget } from "../../../local/feed/target";
import { SimulatedClock } from "../../../local/clock";
import { closeClouds, deploy } from "../../local/support/cloud";
import { BUCKET } from "../../local/support/plan";

afterEach(closeClouds);

const START = Date.UTC(2026, 0, 1);

/** 1,000 lines over 20 minutes, each tenth broken. */
const LINES = Array.from({ length: 1000 }, (_value, index) =>
  index % 10 === 9 ? `{broken ${index}` : JSON.stringify({ time: START + index * 1200, n: index }),
);

test("most lines go through the topic and are shipped by interval, the rest lies there as it is", async () => {
  const clock = new SimulatedClock(firstTime(LINES));
  const cloud = await deploy({ code: "exports.main_handler = async () => 1;" }, { clock });
  const fed: number[] = [];
  await feedLines(cloud, findTarget(cloud), LINES, (count) => fed.push(count));

  expect(fed.at(-1)).toBe(1000);
  expect(cloud.topic("access").received).toBe(800);
  expect(cloud.shipTasks.length).toBeGreaterThan(1);
  expect(cloud.shipTasks.reduce((sum, task) => sum + task.records, 0)).toBe(800);

  const bucket = cloud.bucket(BUCKET);
  const copied = bucket.keys().filter((key) => key.includes("_copied_"));
  const texts = await Promise.all(copied.map(async (key) => gunzipSync(await bucket.read(key)).toString()));
  expect(texts.join("")).toBe(
    LINES.slice(800)
      .map((line) => `${line}\n`)
      .join(""),
  );
});

describe("toRecord", () => {
  test("makes strings of a JSON object's fields", () => {
    expect(toRecord('{"time":5,"s":"x","n":1,"b":true,"z":null,"o":{"a":[1]}}', 9)).toMatchObject({
      time: 5,
      contents: { time: "5", s: "x", n: "1", b: "true", z: "null", o: '{"a":[1]}' },
    });
  });

  test.each(["plain", "[1]", "12", '{"cut":'])("keeps %s as __CONTENT__", (line) => {
    expect(toRecord(line, 9)).toMatchObject({ time: 9, contents: { __CONTENT__: line } });
  });
});
