import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const HOOK = join(__dirname, "../../../dist/functions/live/hook.js");

/** Runs code in a process whose stdout is a file, and tells what a tap saw. */
function run(code: string): { readonly seen: [string, string][]; readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), "hook-"));
  const path = join(folder, "out");
  const out = openSync(path, "w");
  try {
    const source = `
      const fs = require("node:fs");
      const { promisify } = require("node:util");
      const { hookStreams, hookDescriptors } = require(${JSON.stringify(HOOK)});
      const seen = [];
      const tap = (stream, chunk, encoding) => seen.push([stream, Buffer.from(chunk, encoding).toString()]);
      hookStreams(tap);
      hookDescriptors(tap);
      (async () => { ${code} })().then(() => fs.writeSync(3, JSON.stringify(seen)));`;
    const { output, status, stderr } = spawnSync(process.execPath, ["-e", source], {
      stdio: ["ignore", out, "pipe", "pipe"],
      encoding: "utf8",
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    return { seen: JSON.parse(output[3] ?? "") as [string, string][], file: readFileSync(path, "utf8") };
  } finally {
    closeSync(out);
    rmSync(folder, { recursive: true });
  }
}

it("sees once what goes through a stream that is a file, which writes by fs itself", () => {
  const { seen, file } = run(`process.stdout.write("a\\n"); console.log("b"); console.error("c");`);
  expect(seen).toEqual([
    ["stdout", "a\n"],
    ["stdout", "b\n"],
    ["stderr", "c\n"],
  ]);
  expect(file).toBe("a\nb\n");
});

it("sees of what is written by fs what was written, in each form of its functions", () => {
  const { seen, file } = run(`
    const { writeSync } = await import("node:fs");
    const bytes = Buffer.from("..bytes..");
    fs.writeSync(1, "text\\n");
    fs.writeSync(1, "6869", null, "hex");
    fs.writeSync(1, bytes, 2, 5);
    fs.writeSync(1, bytes, { offset: 2, length: 2 });
    fs.writeSync(2, new Uint8Array(bytes.buffer, bytes.byteOffset, 3));
    writeSync(1, "by a named import");
    await new Promise((resolve) => fs.write(1, "later", resolve));
    await new Promise((resolve) => fs.write(1, "as pino", "utf8", resolve));
    await new Promise((resolve) => fs.write(1, bytes, 2, 3, null, resolve));
  `);
  expect(seen.map(([stream, text]) => `${stream} ${text}`)).toEqual([
    ...["stdout text\n", "stdout hi", "stdout bytes", "stdout by", "stderr ..b", "stdout by a named import"],
    ...["stdout later", "stdout as pino", "stdout byt"],
  ]);
  expect(file).toBe("text\nhibytesbyby a named importlateras pinobyt");
});

it("leaves other files and what fails alone, and returns what fs does", () => {
  const { seen } = run(`
    const assert = require("node:assert");
    const other = fs.openSync(process.execPath);
    assert.throws(() => fs.writeSync(other, "x"), /EBADF/);
    assert.throws(() => fs.writeSync(1, {}), /ERR_INVALID_ARG_TYPE/);
    assert.throws(() => fs.write(1, "x"), /ERR_INVALID_ARG_TYPE/);
    const refused = await new Promise((resolve) => fs.write(other, "x", (error) => resolve(error)));
    assert.equal(refused.code, "EBADF");
    assert.equal(fs.writeSync(2, "\\u20ac"), 3);
    const { bytesWritten, buffer } = await promisify(fs.write)(2, "pro");
    assert.deepEqual([bytesWritten, buffer], [3, "pro"]);
    assert.deepEqual([fs.write.name, fs.writeSync.length], ["write", 5]);
  `);
  expect(seen).toEqual([
    ["stderr", "€"],
    ["stderr", "pro"],
  ]);
});
