import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Checks, LogsError, refuse } from "../../lib/errors";
import { Construct } from "../../lib/framework";
import { codesOf, numberToken, testStack, textToken, violationsOf } from "./support/stack";

const ROOT = join(__dirname, "../..");

/** All TypeScript of a folder, as one text. */
function sources(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, folder, file), "utf8"))
    .join("\n");
}

const raised = new Set([...sources("lib").matchAll(/"(LOGS_[A-Z_]+)"/g)].map(([, code]) => code));

describe("docs/errors.md", () => {
  const rows = readFileSync(join(ROOT, "docs/errors.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `LOGS_"))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| |\|$/g, "").trim()));
  const documented = rows.map(([code]) => code.replaceAll("`", ""));

  it("lists every code that lib/ raises, and no other, sorted", () => {
    expect(documented).toEqual([...raised].sort());
  });

  it("says of each what is wrong, and the remedy", () => {
    for (const row of rows)
      expect(row).toEqual([expect.any(String), expect.stringMatching(/.../), expect.stringMatching(/.../)]);
  });

  it("has a test for each", () => {
    const tested = sources("test/lib");
    expect([...raised].filter((code) => !tested.includes(code))).toEqual([]);
  });
});

describe("LogsError", () => {
  it("carries the first code, the construct's path, and all that is wrong", () => {
    const error = new LogsError("logs/Access", [
      { code: "LOGS_A", message: "a must be 1, got 2" },
      { code: "LOGS_B", message: "b must be 3, got 4; do it" },
    ]);
    expect(error).toMatchObject({ name: "LogsError", code: "LOGS_A", constructPath: "logs/Access" });
    expect(error.violations.map(({ code }) => code)).toEqual(["LOGS_A", "LOGS_B"]);
    expect(error.message).toBe(
      "[logs/Access] a must be 1, got 2 (LOGS_A)\n[logs/Access] b must be 3, got 4; do it (LOGS_B)",
    );
  });

  it("is thrown by refuse with the path of the construct", () => {
    const scope = new Construct(testStack(), "Access");
    expect(() => refuse(scope, "LOGS_A", "a must be 1")).toThrow("[logs/Access] a must be 1 (LOGS_A)");
  });
});

describe("Checks", () => {
  const check = (add: (checks: Checks) => Checks) => codesOf(() => add(new Checks(testStack())).throwIfAny());
  const range = { min: 1, max: 2 };

  it("passes by what is absent or a token", () => {
    const found = check((checks) =>
      checks
        .integer("a", undefined, range, "LOGS_A")
        .integer("a", numberToken(), range, "LOGS_A")
        .pattern("a", undefined, /^a$/, "must be a", "write a", "LOGS_A")
        .pattern("a", `b${textToken()}`, /^a$/, "must be a", "write a", "LOGS_A")
        .oneOf("a", undefined, ["a"], "write a", "LOGS_A")
        .oneOf("a", textToken(), ["a"], "write a", "LOGS_A"),
    );
    expect(found).toEqual([]);
  });

  it("collects all that is wrong, in order", () => {
    const found = check((checks) =>
      checks
        .integer("a", 3, range, "LOGS_A")
        .oneOf("b", "c", ["b"], "write b", "LOGS_B")
        .that(false, "LOGS_C", () => "c"),
    );
    expect(found).toEqual(["LOGS_A", "LOGS_B", "LOGS_C"]);
  });

  it("says what to do: the nearest number that is allowed, or what the check says", () => {
    const messages = (add: (checks: Checks) => Checks) =>
      violationsOf(() => add(new Checks(testStack())).throwIfAny()).map(([, message]) => message);
    const memory = { min: 128, max: 3072, step: 128 };
    expect(
      messages((checks) =>
        checks
          .integer("a", 200, memory, "LOGS_A")
          .integer("b", 9000, memory, "LOGS_A")
          .integer("c", Number.NaN, memory, "LOGS_A")
          .pattern("d", "b", /^a$/, "must be a", "write a", "LOGS_A")
          .oneOf("e", "b", ["a"], "leave it out", "LOGS_A"),
      ),
    ).toEqual([
      "a must be a whole number from 128 to 3072 in steps of 128, got 200; the nearest is 256",
      "b must be a whole number from 128 to 3072 in steps of 128, got 9000; the nearest is 3072",
      "c must be a whole number from 128 to 3072 in steps of 128, got NaN; the nearest is 128",
      'd must be a, got "b"; write a',
      'e must be "a", got "b"; leave it out',
    ]);
  });
});
