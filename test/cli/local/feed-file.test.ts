import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { LocalCloud } from "../../../local/cloud";
import { feedFile } from "../../../cli/local/feed-file";
import { findTarget } from "../../../local/feed/target";
import { closeClouds, deploy } from "../../local/support/cloud";
import { BUCKET } from "../../local/support/plan";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "feed-file-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(closeClouds);

async function feed(content: string, objectBytes: number): Promise<{ cloud: LocalCloud; objects: string[] }> {
  const cloud = await deploy({ code: "exports.main_handler = async () => 1;" });
  const file = join(folder, "log");
  writeFileSync(file, content);
  await feedFile(findTarget(cloud), file, () => undefined, objectBytes);
  const bucket = cloud.bucket(BUCKET);
  const objects = await Promise.all(bucket.keys().map(async (key) => gunzipSync(await bucket.read(key)).toString()));
  return { cloud, objects };
}

test("objects end at line ends, and hold all bytes of the file", async () => {
  const content = Array.from({ length: 10 }, (_value, index) => `{"line":${index}}\n`).join("") + "{no end";
  const { objects } = await feed(content, 30);
  expect(objects.join("")).toBe(content);
  expect(objects.slice(0, -1).every((object) => object.endsWith("}\n") && object.length >= 30)).toBe(true);
  expect(objects).toHaveLength(4);
});

test("a line that is longer than an object stays whole", async () => {
  const long = `{"a":"${"x".repeat(300_000)}"}\n`;
  const { objects } = await feed(`{"b":1}\n${long}{"c":1}\n`, 10);
  expect(objects).toEqual([`{"b":1}\n${long}`, '{"c":1}\n']);
});

test("objects lie where the trigger looks, and each runs the function", async () => {
  const { cloud } = await feed('{"a":1}\n{"a":2}\n', 8);
  expect(cloud.bucket(BUCKET).keys()).toEqual(["cls/2026/01/01/08/_file_0.gz", "cls/2026/01/01/08/_file_1.gz"]);
  await cloud.settled();
  expect(cloud.invocations).toHaveLength(2);
});

test("an empty file puts nothing", async () => {
  expect((await feed("", 10)).objects).toEqual([]);
});
