import type { Invocation } from "../../../local/scf/invocation";
import { totalOf } from "../../../cli/local/summary";
import { invocationTable } from "../../../cli/local/table";

function invocation(fields: Partial<Invocation> = {}): Invocation {
  return {
    region: "ap-guangzhou",
    functionName: "f",
    requestId: "r",
    source: "cos://b-1250000000/cls/2026/a.gz",
    attempt: 1,
    startedAt: 0,
    givenUp: false,
    log: [],
    ms: 7,
    memoryMb: 50.4,
    ...fields,
  };
}

const SUMMARY = {
  objects: 1,
  bytes: 10,
  lines: 5,
  records: 4,
  invalid: 1,
  dropped: 0,
  quarantined: 0,
  retries: 2,
  ms: 6,
};

describe("totalOf", () => {
  test("adds numbers up, and outputs by their names", () => {
    const one = { ...SUMMARY, outputs: { main: { records: 3, bytes: 30 }, invalid: { records: 1, bytes: 5 } } };
    const other = { ...SUMMARY, outputs: { main: { records: 1, bytes: 10 } } };
    expect(totalOf([invocation({ result: one }), invocation({ result: other })])).toEqual({
      objects: 2,
      bytes: 20,
      lines: 10,
      records: 8,
      invalid: 2,
      dropped: 0,
      quarantined: 0,
      outputs: { main: { records: 4, bytes: 40 }, invalid: { records: 1, bytes: 5 } },
      retries: 4,
      ms: 12,
    });
  });

  test("adds up what was masked by kind", () => {
    const results = [{ phone: 2 }, { phone: 1, email: 3 }].map((redacted) => ({ ...SUMMARY, redacted }));
    expect(totalOf(results.map((result) => invocation({ result }))).redacted).toEqual({ phone: 3, email: 3 });
  });

  test("tells what is rare where there is any", () => {
    const results = [
      { ...SUMMARY, invalidUtf8: 2 },
      { ...SUMMARY, invalidUtf8: 1, paddingBytes: 0 },
    ];
    const total = totalOf(results.map((result) => invocation({ result })));
    expect(total.invalidUtf8).toBe(3);
    expect("redacted" in total).toBe(false);
    expect("paddingBytes" in total).toBe(false);
  });

  test("is nothing where nothing was returned", () => {
    expect(totalOf([invocation({ result: null }), invocation({ result: "text" })])).toMatchObject({
      records: 0,
      outputs: {},
    });
  });

  test("keeps the order of the design's summary", () => {
    expect(Object.keys(totalOf([])).join(" ")).toBe(
      "objects bytes lines records invalid dropped quarantined outputs retries ms",
    );
  });
});

describe("invocationTable", () => {
  test("has a row for each invocation, and their totals", () => {
    const table = invocationTable([
      invocation({ result: { ...SUMMARY, outputs: {} } }),
      invocation({
        attempt: 2,
        error: {
          errorCode: 1,
          errorMessage: "User code exception caught",
          statusCode: 430,
          stackTrace: "Error: x\n  at y",
        },
      }),
    ]);
    expect(table).toBe(
      [
        "object                     bytes  lines  records  invalid  retries  ms  MB  outcome",
        "cls/2026/a.gz                 10      5        4        1        2   6  50  ok",
        "cls/2026/a.gz (attempt 2)      0      0        0        0        0   7  50  User code exception caught: Error: x",
        "2 invocations                 10      5        4        1        2   6  50",
        "",
      ].join("\n"),
    );
  });

  test("stays short, but shows what failed", () => {
    const many = Array.from({ length: 100 }, () => invocation());
    const error = { errorCode: -1, errorMessage: "Invoking task timed out after 3 seconds", statusCode: 433 };
    const lines = invocationTable([...many, invocation({ error })])
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(1 + 15 + 1 + 1 + 1);
    expect(lines.at(-3)).toContain("Invoking task timed out after 3 seconds");
    expect(lines.at(-2)).toContain("... 85 more");
  });
});

test("one invocation is one", () => {
  expect(invocationTable([invocation({ result: SUMMARY })])).toContain("1 invocation ");
  expect(invocationTable([invocation(), invocation()])).toContain("2 invocations ");
});
