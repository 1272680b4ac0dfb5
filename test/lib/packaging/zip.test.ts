import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { contentHash, zip, type ZipContents } from "../../../lib/packaging/zip";

const FILES: ZipContents = { "index.js": "exports.a = 1;", "b/c.txt": new Uint8Array([0, 255]), "日志.txt": "日志" };

describe("zip", () => {
  it("holds what it was given", () => {
    const files = Object.entries(unzipSync(zip(FILES))).map(([name, bytes]) => [name, Buffer.from(bytes)]);
    expect(Object.fromEntries(files)).toEqual({
      "index.js": Buffer.from("exports.a = 1;"),
      "b/c.txt": Buffer.from([0, 255]),
      "日志.txt": Buffer.from("日志"),
    });
  });

  it("has the same bytes whatever the order of its files", () => {
    const reversed = Object.fromEntries(Object.entries(FILES).reverse());
    expect(Object.keys(reversed)).not.toEqual(Object.keys(FILES));
    expect(zip(reversed)).toEqual(zip(FILES));
  });

  it("has the same bytes at any time", () => {
    const first = zip(FILES);
    jest.useFakeTimers({ now: new Date("2031-05-06T07:08:09Z") });
    expect(zip(FILES)).toEqual(first);
    jest.useRealTimers();
  });

  it("has the same bytes in every time zone", () => {
    // Worlds apart, with half hours, and with summer time in January.
    const zones = [
      "UTC",
      "Asia/Shanghai",
      "America/Los_Angeles",
      "Asia/Kolkata",
      "Pacific/Kiritimati",
      "Australia/Sydney",
    ];
    const script = `
      const { contentHash, zip } = require("./lib/packaging/zip");
      const files = { "index.js": "exports.a = 1;", "b/c.txt": new Uint8Array([0, 255]), "日志.txt": "日志" };
      const zones = ${JSON.stringify(zones)};
      console.log(JSON.stringify(zones.map((zone) => {
        process.env.TZ = zone;
        return contentHash(zip(files));
      })));`;
    const root = join(__dirname, "../../../dist");
    const hashes = execFileSync(process.execPath, ["-e", script], {
      cwd: root,
      env: { ...process.env, TZ: "America/New_York" },
      encoding: "utf8",
    });
    expect(new Set(JSON.parse(hashes) as string[])).toEqual(new Set([contentHash(zip(FILES))]));
  });
});

describe("contentHash", () => {
  it("changes with the content", () => {
    expect(contentHash(zip({ a: "1" }))).toMatch(/^[0-9a-f]{16}$/);
    expect(contentHash(zip({ a: "1" }))).not.toBe(contentHash(zip({ a: "2" })));
    expect(contentHash(zip({ a: "1" }))).not.toBe(contentHash(zip({ b: "1" })));
  });
});
