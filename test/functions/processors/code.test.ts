import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodeProcessor } from "../../../functions/processors/code";
import { defineProcessor, type ProcessorDefinition } from "../../../functions/processors/define";
import { loadProcessor } from "../../../functions/processors/load";
import type { Fields, LogRecord } from "../../../functions/records/contracts";
import type { OutputSettings, OutputsSettings } from "../../../functions/settings";
import type { Summary } from "../../../functions/invocation/summary";
import { recordsOf } from "../support/records";

const OUTPUT: OutputSettings = { type: "cls", onFailure: "fail", topicId: "t", region: "r" };
const OUTPUTS: OutputsSettings = { outputs: { main: OUTPUT, other: OUTPUT, invalid: OUTPUT }, defaultOutput: "main" };
const LINES = ['{"n":0}', '{"n":1}', '{"n":2}'];

async function run(record: ProcessorDefinition["record"], lines = LINES, outputs = OUTPUTS) {
  const processor = new CodeProcessor(defineProcessor({ record }), outputs);
  const { routed, dropped, failed } = await processor.process(recordsOf(lines));
  const texts = routed.map(({ output, records }) => [output, records.map(({ raw }) => Buffer.from(raw).toString())]);
  return { ...(Object.fromEntries(texts) as Record<string, string[]>), dropped: dropped.length, failed };
}

function withoutBuffer({ place }: LogRecord): object {
  const raw = Buffer.from('{"n":1}').buffer.slice(0, 7);
  const given = { raw: new Uint8Array(raw), place, fields: {} };
  structuredClone(raw, { transfer: [raw] });
  return given;
}

describe("a processor", () => {
  it("sends records on as they were read, changed, made, routed, several or none", async () => {
    const result = await run((record, context) => {
      const { n } = record.fields;
      if (n === 0) return record;
      if (n === 1) return undefined;
      record.fields = { ...record.fields, changed: true };
      return [record, { output: "other", record: context.create({ made: n }) }, context.create({ made: "too" })];
    });
    expect(result).toEqual({
      main: ['{"n":0}', '{"n":2,"changed":true}', '{"made":"too"}'],
      other: ['{"made":2}'],
      dropped: 1,
      failed: 0,
    });
  });

  it("leaves out of a record what JSON leaves out", async () => {
    const processor = new CodeProcessor(
      { record: (record) => ((record.fields = { ...record.fields, gone: undefined as never }), record) },
      OUTPUTS,
    );
    const { routed } = await processor.process(recordsOf(['{"n":0}']));
    expect(Object.keys(routed[0].records[0].fields)).toEqual(["n"]);
  });

  it("takes no promise where it returns none", () => {
    const processor = new CodeProcessor({ record: (record) => record }, OUTPUTS);
    expect(processor.process(recordsOf(LINES))).not.toHaveProperty("then");
  });

  it("may take promises, whose records keep their order, a bounded number at once", async () => {
    let [under, most] = [0, 0];
    const lines = Array.from({ length: 200 }, (_, n) => JSON.stringify({ n }));
    const result = await run((record) => {
      if ((record.fields.n as number) % 3 === 0) return record;
      most = Math.max(most, ++under);
      return new Promise((resolve) => {
        setTimeout(() => (under--, resolve(record)), Math.random() * 5);
      });
    }, lines);
    expect(result).toEqual({ main: lines, dropped: 0, failed: 0 });
    expect(most).toBeLessThanOrEqual(32);
  });

  it("is called for no more records once nobody waits for them", async () => {
    const controller = new AbortController();
    let calls = 0;
    const record: ProcessorDefinition["record"] = (record) => {
      if (++calls === 10) controller.abort(new Error("time is up"));
      return new Promise((resolve) => setTimeout(() => resolve(record), 1));
    };
    const lines = Array.from({ length: 100 }, () => "{}");
    const processed = new CodeProcessor({ record }, OUTPUTS).process(recordsOf(lines), controller.signal);
    await expect(processed).rejects.toThrow("time is up");
    expect(calls).toBe(10);
  });

  it("may return anything that is awaited, not only promises", async () => {
    const builder = (record: LogRecord) => ({ then: (take: (record: LogRecord) => void) => take(record) });
    expect(await run((record) => builder(record) as never)).toEqual({ main: LINES, dropped: 0, failed: 0 });
  });

  it("labels the copies that go to a topic, and them alone", async () => {
    const labels = { topic: "t", source: "10.0.0.1", tags: { env: "prod" } };
    const processor = new CodeProcessor({ record: (record) => [record, { output: "other", record, labels }] }, OUTPUTS);
    const { routed } = await processor.process(recordsOf(['{"n":0}']));
    expect(routed.map(({ output, records }) => [output, records[0].labels])).toEqual([
      ["main", undefined],
      ["other", labels],
    ]);
    expect(routed[1].records[0]).toMatchObject({ fields: { n: 0 }, changed: false, place: { line: 1 } });
  });

  it.each<[string, (record: LogRecord) => unknown, string]>([
    ["a list with a hole", (record) => [record, , record], "got undefined"],
    ["a list of nothing but holes", () => new Array(3), "got undefined"],
    ["a record without a byte", ({ place }) => ({ raw: new Uint8Array(), place, fields: {} }), "raw must hold"],
    ["a record whose buffer went to another thread", withoutBuffer, "raw must hold"],
  ])("fails on the record alone for which it returns %s", async (_what, made, reason) => {
    const { main, invalid, failed } = (await run((record) =>
      record.fields.n === 1 ? (made(record) as never) : record,
    )) as unknown as { main: string[]; invalid: string[]; failed: number };
    expect({ main, failed }).toEqual({ main: ['{"n":0}', '{"n":2}'], failed: 1 });
    expect(invalid).toEqual([expect.stringContaining(reason)]);
  });

  it("drops what it sends to dropped", async () => {
    expect(await run((record) => ({ output: "dropped", record }))).toEqual({ dropped: 3, failed: 0 });
  });
});

/** What is printed to stderr while a test runs. */
let printed: jest.SpyInstance;
beforeEach(() => (printed = jest.spyOn(console, "error").mockImplementation()));
afterEach(() => printed.mockRestore());
const log = (): string[] => (printed.mock.calls as string[][]).flat();

describe("what the log tells of a processor that throws", () => {
  const HERE = /code\.test\.[jt]s:\d+:\d+/;

  it("is where it first threw in an invocation, and nothing that it said", async () => {
    await run((record) => {
      throw new RangeError(`no level: ${JSON.stringify(record.fields)}\n    at quoted (/quoted.js:1:1)`);
    });
    expect(log()).toEqual([expect.stringMatching(/^cos:\/\/.*, line 1: the processor threw RangeError at [^\n]*$/)]);
    expect(log()[0]).toMatch(HERE);
    expect(log()[0]).not.toMatch(/no level|"n"|quoted/);
  });

  it.each<[string, () => unknown]>([
    ["is no error", () => "a text"],
    ["is nothing", () => undefined],
    ["changed its message", () => Object.assign(new Error("other"), { stack: "Error: secret\n    at x (/x.js:1:1)" })],
    ["has a stack of its own", () => Object.assign(new Error(), { stack: "secret" })],
  ])("is its kind at least, where what it threw %s", async (_what, made) => {
    await run(() => {
      throw made();
    });
    expect(log()).toEqual([expect.stringMatching(/line 1: the processor threw (string|undefined|Error);/)]);
  });

  it("is nothing where it rejects a record", async () => {
    await run(() => ({ reject: "no level" }));
    expect(log()).toEqual([]);
  });

  it("is also where its end threw", async () => {
    const end = () => {
      throw new TypeError("secret");
    };
    const processor = new CodeProcessor({ record: (record) => record, end }, OUTPUTS);
    await expect(processor.end({} as Summary)).rejects.toThrow("secret");
    expect(log()).toEqual([expect.stringMatching(/^the processor's end threw TypeError at /)]);
    expect(log()[0]).toMatch(HERE);
    expect(log()[0]).not.toContain("secret");
  });
});

describe("a record on which a processor fails", () => {
  const boom: ProcessorDefinition["record"] = (record) => {
    if (record.fields.n !== 1) return record;
    record.fields = { half: "done" };
    throw new RangeError("told so");
  };
  const invalid = (reason: string) => ({
    main: ['{"n":0}', '{"n":2}'],
    invalid: [JSON.stringify({ reason, object: "cos://logs-1250000000/a.gz", line: 2, byte: 8, text: '{"n":1}' })],
    dropped: 0,
    failed: 1,
  });

  it("goes to invalid with its reason, as it was read; the others go on", async () => {
    expect(await run(boom)).toEqual(invalid("RangeError: told so"));
    expect(await run(async (record, context) => boom(record, context))).toEqual(invalid("RangeError: told so"));
  });

  it("is also one that it rejects, with the reason in its own words", async () => {
    const result = await run((record) => {
      if (record.fields.n !== 1) return record;
      record.fields = { half: "done" };
      return { reject: "no level" };
    });
    expect(result).toEqual(invalid("no level"));
  });

  it("is dropped where there is no output for it", async () => {
    expect(await run(boom, LINES, { outputs: {} })).toEqual({ dropped: 3, failed: 1 });
  });

  it("goes to the default output where there is no invalid, in its order", async () => {
    const outputs = { outputs: { main: OUTPUT }, defaultOutput: "main" };
    expect(await run(boom, LINES, outputs)).toEqual({ main: LINES, dropped: 0, failed: 1 });
  });

  it.each<[string, (n: unknown) => unknown]>([
    ["a text", () => "text"],
    ["fields that are no record", (n) => ({ n })],
    ["an output that does not exist", () => ({ output: "nowhere", record: recordsOf(LINES)[0] })],
  ])("is also one whose result is %s", async (_, result) => {
    const record = ((record) => (record.fields.n === 1 ? result(1) : record)) as ProcessorDefinition["record"];
    expect(await run(record)).toMatchObject({ main: ['{"n":0}', '{"n":2}'], failed: 1 });
  });

  it.each<[string, unknown, string]>([
    ["a number", { source: 5 }, "labels.source must be a text, got number"],
    ["a tag that is none", { tags: { status: 500 } }, "labels.tags.status must be a text, got number"],
    ["nothing", null, "labels must be an object, got null"],
  ])("is also one that it labels with what is no text: %s", async (_, labels, reason) => {
    const record = ((record) =>
      record.fields.n === 1 ? { output: "other", record, labels } : record) as ProcessorDefinition["record"];
    const told = expect.stringContaining(reason) as string;
    expect(await run(record)).toMatchObject({ main: ['{"n":0}', '{"n":2}'], invalid: [told], failed: 1 });
  });

  it.each<[string, unknown, string]>([
    ["a text", "no level", "no level"],
    ["nothing", undefined, "Error: undefined"],
    ["what cannot be a text", { name: Symbol("a"), message: Object.create(null) as object }, "Error: object"],
  ])("is also one on which it throws %s", async (_, thrown, reason) => {
    const result = await run((record) => {
      if (record.fields.n !== 1) return record;
      throw thrown;
    });
    expect(result).toEqual(invalid(reason));
  });

  it.each<[string, unknown]>([
    [
      "a circle",
      (() => {
        const fields: Record<string, unknown> = {};
        return (fields.self = fields);
      })(),
    ],
    ["a list", []],
    ["a number too big", { n: 1n }],
  ])("is also one whose fields JSON cannot hold: %s", async (_, fields) => {
    const result = await run((record) => {
      if (record.fields.n === 1) record.fields = fields as Fields;
      return record;
    });
    expect(result).toMatchObject({ main: ['{"n":0}', '{"n":2}'], failed: 1 });
    expect(result).toHaveProperty("invalid");
  });
});

describe("processor.js", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "processor-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function load(source: string): ProcessorDefinition {
    writeFileSync(join(folder, "processor.js"), source);
    return loadProcessor(folder);
  }

  it.each([
    "module.exports = { record: () => 'here' }",
    "exports.default = { record: () => 'here' }",
    "module.exports = { default: { default: { record: () => 'here' } } }",
  ])("exports a processor: %s", (source) => {
    expect((load(source) as { record(): unknown }).record()).toBe("here");
  });

  it.each([
    ["module.exports = {}", "processor.js must export an object with the function record"],
    ["syntax error", "processor.js must load, got SyntaxError"],
    ["throw new TypeError('at start')", "processor.js must load, got TypeError: at start"],
    ["require('not-in-the-zip')", "processor.js must load, got Error: Cannot find module 'not-in-the-zip'"],
  ])("that is broken is an error: %s", (source, message) => {
    expect(() => load(source)).toThrow(message);
  });

  it("that throws while it loads has its line in the log", () => {
    expect(() => load("\nthrow new TypeError('secret')")).toThrow();
    expect(log()[0]).toMatch(/^processor\.js threw TypeError at .*processor\.js:2:\d+/);
    expect(log()[0]).not.toContain("secret");
  });

  it("that is absent is an error", () => {
    expect(() => loadProcessor(folder)).toThrow("processor.js must load, got Error: Cannot find");
  });
});
