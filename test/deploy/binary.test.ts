import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findBinary } from "./binary";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "binary-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(name: string): void {
  writeFileSync(join(folder, name), "");
  chmodSync(join(folder, name), 0o755);
}

test("Terraform is taken where it is on the PATH, else OpenTofu", () => {
  install("tofu");
  expect(findBinary(`/nowhere${delimiter}${folder}`)).toBe("tofu");
  install("terraform");
  expect(findBinary(folder)).toBe("terraform");
});

test("neither is an error that says what to do", () => {
  expect(() => findBinary(folder)).toThrow("no terraform and no tofu on the PATH; install either");
});
