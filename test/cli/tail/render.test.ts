import { type LineEvent, ndjson, type TailEvent } from "../../../cli/tail/events";
import { jsonLineOf } from "../../../cli/tail/json-line";
import { Renderer } from "../../../cli/tail/render";
import { visible } from "../../../cli/tail/visible";

const TIME = Date.UTC(2026, 10, 29, 8, 36, 9, 412) * 1000;
const OF = { region: "ap-guangzhou", namespace: "default", function: "orders" };

function line(text: string, more: Partial<LineEvent> = {}): LineEvent {
  return {
    ...{ type: "line", ...OF, version: "$LATEST", instance: "4c1e0000a1b2c3d4", seq: 1, requestId: "r-1" },
    ...{ time: TIME, level: "info", stream: "stdout", text, lane: "fast", lagMs: 310 },
    ...more,
  };
}

function shown(events: readonly TailEvent[], more: { hasColors?: boolean; showsLag?: boolean } = {}): string {
  const options = {
    hasColors: false,
    showsLag: false,
    namesRegion: false,
    namesNamespace: false,
    nameWidth: 8,
    ...more,
  };
  const renderer = new Renderer(options);
  // The local time of day differs by machine.
  return events.map((event) => renderer.render(event)).join("").replace(/\d\d:\d\d:(\d\d\.\d{3})/g, "hh:mm:$1"); // prettier-ignore
}

describe("lines for people", () => {
  it("have function, time, instance, level and text in columns", () => {
    expect(shown([line("order 7 accepted")])).toBe("orders    hh:mm:09.412  4c1e  INFO   order 7 accepted\n");
  });

  it("show a stack in one piece, and begin anew where another writer comes between", () => {
    const at = "    at charge (/var/user/index.js:12:9)";
    const other = line("other", { instance: "90ab000000000000" });
    expect(shown([line("Error: no", { level: "error" }), line(at), other, line(at)])).toBe(
      `orders    hh:mm:09.412  4c1e  ERROR  Error: no\n${at}\n` +
        "orders    hh:mm:09.412  90ab  INFO   other\n" +
        `orders    hh:mm:09.412  4c1e  INFO   ${at}\n`,
    );
  });

  it("keep a traceback of Python together to the exception that ends it", () => {
    const trace = ["Traceback (most recent call last):", '  File "index.py", line 3', "ValueError: no", "next"];
    expect(
      shown(trace.map((text) => line(text)))
        .split("\n")
        .map((text) => text.slice(0, 6)),
    ).toEqual(
      ["orders", '  File', "    Va", "orders", ""], // prettier-ignore
    );
  });

  it("say what is late, and with --lag how late and by which lane", () => {
    expect(shown([line("x", { type: "late", lane: "slow", lagMs: 2_040 })], { showsLag: true })).toBe(
      "orders    hh:mm:09.412  4c1e  INFO   +2.04s slow  late x\n",
    );
  });

  it("say how a request ended: time-outs and memory as the platform tells them, and why", () => {
    const end = { type: "request_finished", ...OF, requestId: "4c1e-7", time: TIME, durationMs: 3_000, memoryMb: 127.6, memoryLimitMb: 128 } as const; // prettier-ignore
    const result = JSON.stringify({ errorMessage: "User code exception caught", stackTrace: "Error: no\n    at x" });
    expect(
      shown([
        { ...end, outcome: "timeout" },
        { ...end, outcome: "error", result },
        { ...end, outcome: "ok" },
      ]),
    ).toBe(
      "orders    hh:mm:09.412  4c1e  TIMEOUT after 3.000 s, 128 of 128 MB\n" +
        "orders    hh:mm:09.412  4c1e  FAILED after 3.000 s, 128 of 128 MB\n    Error: no\n        at x\n" +
        "orders    hh:mm:09.412  4c1e  END    after 3.000 s, 128 of 128 MB\n",
    );
  });

  it("say of an end which instance it was, as of its lines; a stack ends with its last line", () => {
    const result = JSON.stringify({ stackTrace: "KeyError: 'missing'\n" });
    const end = {
      type: "request_finished",
      ...OF,
      requestId: "ffff-7",
      instance: "4c1e0000a1b2c3d4",
      time: TIME,
    } as const;
    expect(shown([{ ...end, outcome: "error", result }])).toBe(
      "orders    hh:mm:09.412  4c1e  FAILED\n    KeyError: 'missing'\n",
    );
    const again = {
      type: "request_started",
      ...OF,
      requestId: "ffff-7",
      instance: "4c1e0000a1b2c3d4",
      time: TIME,
    } as const;
    expect(shown([{ ...again, retry: 1 }])).toBe("orders    hh:mm:09.412  4c1e  RETRY  attempt 2\n");
  });

  it("have colours only where they are wanted", () => {
    expect(shown([line("x")])).not.toContain("\x1b");
    expect(shown([line("x")], { hasColors: true })).toContain("\x1b[32mINFO \x1b[0m");
  });
});

describe("lines of JSON", () => {
  it.each([
    [
      "level and message first, the rest as it stands",
      '{"level":"warn","msg":"low","stock":3,"of":"a b"}',
      "warn",
      "low",
      'stock=3 of="a b"',
    ],
    ["levels of pino", '{"level":50,"time":1795941369412,"pid":7,"msg":"no"}', "error", "no", "pid=7"],
    [
      "numbers that JavaScript cannot hold",
      '{"message":"x","id":12345678901234567890}',
      "",
      "x",
      "id=12345678901234567890",
    ],
    [
      "objects within, with brackets in their texts",
      '{"msg":"x","a":{"b":"}]"},"c":[1,{"d":2}]}',
      "",
      "x",
      'a={"b":"}]"} c=[1,{"d":2}]',
    ],
    ["a time that is not the line's own", '{"msg":"x","time":1000}', "", "x", "time=1000"],
    ["escapes of a message", '{"msg":"a \\"b\\" \\u20ac"}', "", 'a "b" €', ""],
  ])("show %s", (_, text, level, message, rest) => {
    expect(jsonLineOf(text, TIME)).toEqual({ level, message, rest, below: [] });
  });

  it("show the stack of an error below", () => {
    const text = JSON.stringify({
      level: 50,
      msg: "failed",
      err: { type: "Error", message: "no", stack: "Error: no\n    at x" },
    });
    expect(jsonLineOf(text, TIME)).toMatchObject({ rest: 'err="Error: no"', below: ["    at x"] });
  });

  it.each(['{"a":1}', '{"msg":"x"', "{}", '{"msg":"x"} }', "[1]", '{msg:"x"}', '{"msg":"x",}', '{"a":}'])(
    "are left as they are where they are none, or no log's: %s",
    (text) => expect(jsonLineOf(text, TIME)).toBeUndefined(),
  );
});

describe("hostile text", () => {
  const HOSTILE = "\x1b[2J\x07\x9b31m\x7f\u202e\u2066\u200b\ufeff\r\n\ud800\u{e0041}";

  it("is shown as escapes, letters and emoji as they are", () => {
    expect(visible(HOSTILE)).toBe(
      "\\e[2J\\x07\\x9b31m\\x7f\\u{202e}\\u{2066}\\u{200b}\\u{feff}\\r\\n\\u{d800}\\u{e0041}",
    );
    expect(visible("日本\tü 👩‍👧 ok")).toBe("日本\tü 👩‍👧 ok");
  });

  it("is shown wherever it stands in an event", () => {
    const everywhere = line(HOSTILE, { function: HOSTILE, instance: HOSTILE, level: HOSTILE });
    const rendered = shown([everywhere, line(JSON.stringify({ msg: HOSTILE, [HOSTILE]: HOSTILE })), { ...everywhere, text: `  ${HOSTILE}` }]); // prettier-ignore
    expect(rendered.replaceAll("\n", "")).toBe(visible(rendered.replaceAll("\n", "")));
  });

  it("is escaped in NDJSON, which still says what it said", () => {
    const printed = ndjson(line(HOSTILE));
    expect(printed.slice(0, -1)).toBe(visible(printed.slice(0, -1)));
    expect(JSON.parse(printed)).toEqual({ v: 1, ...line(HOSTILE) });
  });
});
