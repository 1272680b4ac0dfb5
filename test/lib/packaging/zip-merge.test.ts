import { strToU8, unzipSync, zipSync, type Zippable } from "fflate";
import { zip } from "../../../lib/packaging/zip";
import { mergeZips, zipNames } from "../../../lib/packaging/zip-merge";

const MADE: Zippable = {
  "index.js": [strToU8("exports.a = 1;".repeat(50)), { mtime: new Date(2020, 4, 5), level: 6 }],
  "bin/工具": [strToU8("#!/bin/sh"), { mtime: new Date(2021, 1, 2), os: 3, attrs: 0o100755 << 16, level: 0 }],
};

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe("a zip that files are added to", () => {
  const made = zipSync(MADE, { comment: "theirs" });
  const merged = mergeZips(made, zip({ "logs-live.js": "ours" }));

  it("holds the files of both", () => {
    const files = Object.entries(unzipSync(merged)).map(([name, bytes]) => [name, text(bytes)]);
    expect(Object.fromEntries(files)).toEqual({
      "index.js": "exports.a = 1;".repeat(50),
      "bin/工具": "#!/bin/sh",
      "logs-live.js": "ours",
    });
    expect(zipNames(merged)).toEqual(["index.js", "bin/工具", "logs-live.js"]);
  });

  it("has its own entries byte by byte: packed data, times and modes", () => {
    const end = made.length - 22;
    const directory = Buffer.from(made.buffer, made.byteOffset).readUInt32LE(end + 16);
    const entries = Buffer.from(made.subarray(directory, end));
    expect(Buffer.from(merged.subarray(0, directory)).equals(made.subarray(0, directory))).toBe(true);
    expect(Buffer.from(merged).includes(entries)).toBe(true);
  });

  it("can be added to again", () => {
    expect(zipNames(mergeZips(merged, zip({ "a.txt": "a" })))).toEqual([
      "index.js",
      "bin/工具",
      "logs-live.js",
      "a.txt",
    ]);
  });

  it("is none where it is no zip, or where something stands before it", () => {
    expect(zipNames(strToU8("no zip"))).toBeUndefined();
    expect(zipNames(Buffer.concat([strToU8("#!/usr/bin/env python3\n"), made]))).toBeUndefined();
    expect(() => mergeZips(strToU8("no zip"), made)).toThrow("both must be zips that can be read");
  });
});
