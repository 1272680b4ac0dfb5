import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findBinary, isOnPath } from "./binary";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "binary-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(name: string, says = ""): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(file, 0o755);
  return file;
}

test("Terraform is taken where it is on the PATH, else OpenTofu", () => {
  expect(findBinary({ PATH: folder })).toBeUndefined();
  install("tofu");
  expect(findBinary({ PATH: `/nowhere${delimiter}${folder}` })).toEqual({ name: "tofu", program: "tofu" });
  install("terraform");
  expect(findBinary({ PATH: folder })).toEqual({ name: "terraform", program: "terraform" });
});

test("what TERRAFORM_BINARY_NAME names comes first, and is what it says it is", () => {
  install("terraform");
  for (const [name, says] of [
    ["terraform", "Terraform v1.11.4"],
    ["tofu", "OpenTofu v1.12.6"],
  ] as const) {
    const program = install("mine", says);
    expect(findBinary({ PATH: folder, TERRAFORM_BINARY_NAME: program })).toEqual({ name, program });
  }
});

test("a name that is no program is an error that says so", () => {
  expect(() => findBinary({ TERRAFORM_BINARY_NAME: join(folder, "gone") })).toThrow(
    "TERRAFORM_BINARY_NAME must name Terraform or OpenTofu, got",
  );
});

test("a file that is no program does not count", () => {
  writeFileSync(join(folder, "go"), "");
  expect(isOnPath("go", folder)).toBe(false);
});
