import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Instance } from "../../faults/support/instance";
import { environmentOf } from "../support/cos-server";
import { withCosServer } from "../support/environment";
import { cosEvent, cosRecord } from "../support/events";
import { textsUnder } from "../support/outputs";

jest.setTimeout(30_000);

const server = withCosServer();
const BUCKET = "logs-1250000000";
const OUT = "out-1250000000";
const SETTINGS = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "code" },
  outputs: { main: { type: "cos", bucket: OUT, region: "ap-guangzhou", prefix: "main/", onFailure: "fail" } },
  defaultOutput: "main",
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
};
const LINE = '{"a":1}';
const EVENTS = {
  "cos-batch": cosEvent(cosRecord(BUCKET, "a.gz"), cosRecord(BUCKET, "b.gz")),
  "cls-stream": {
    clslogs: {
      data: gzipSync(JSON.stringify({ topic_id: "t-1", records: [{ content: LINE }] })).toString("base64"),
    },
  },
};
type Handler = keyof typeof EVENTS;
const INPUTS: Record<Handler, number> = { "cos-batch": 2, "cls-stream": 1 };

/** What `end` does in the first invocation, in the end of which it has handed nothing on. */
const ENDS = {
  throws: { body: 'throw new TypeError("a record");', kind: "transient", code: "LOGS_PROCESSOR" },
  rejects: { body: 'return Promise.reject(new TypeError("a record"));', kind: "transient", code: "LOGS_PROCESSOR" },
  hangs: { body: "return new Promise(() => {});", kind: "deadline", code: "DEADLINE" },
} as const;

let instance: Instance;
beforeEach(() => {
  for (const key of ["a.gz", "b.gz"]) server().objects.set(`${BUCKET}/${key}`, gzipSync(`${LINE}\n`));
});
afterEach(() => instance.kill());

function start(handler: Handler, body: string): void {
  const text = `let ends = 0; exports.default = { record: (record) => record, end() { if (ends++ === 0) { ${body} } } };`;
  const bundle = join(__dirname, "../../../dist/handlers", handler, "index.js");
  instance = new Instance(environmentOf(server()), SETTINGS, { "processor.js": text }, bundle);
}

function notes(): { name: string; reason: object }[] {
  const texts = Object.entries(textsUnder(server(), `${BUCKET}/quarantine/`));
  return texts.map(([name, text]) => ({ name, ...(JSON.parse(text) as { reason: object }) }));
}

const CASES = (Object.keys(EVENTS) as Handler[]).flatMap((handler) =>
  (Object.keys(ENDS) as (keyof typeof ENDS)[]).map((end) => [handler, end] as const),
);

describe.each(CASES)("a processor of %s whose end %s", (handler, end) => {
  const { body, kind, code } = ENDS[end];
  const context = { time_limit_in_ms: end === "hangs" ? 4_000 : 60_000 };

  it("leaves a note of each input whose records it had, and no mark, until it ends well", async () => {
    start(handler, body);
    const { summary, error } = await instance.invoke(EVENTS[handler], context);
    expect(notes()).toMatchObject(Array(INPUTS[handler]).fill({ reason: { kind, code } }));
    expect(notes().filter(({ name }) => name.includes("started/"))).toEqual([]);
    if (kind === "deadline") expect(summary).toMatchObject({ objects: 0, quarantined: INPUTS[handler] });
    else expect(error).toContain("end must not throw, got TypeError");
    expect(instance.output).not.toContain("a record");

    const again = await instance.invoke(EVENTS[handler], { time_limit_in_ms: 60_000 });
    expect(again.summary).toMatchObject({ objects: INPUTS[handler], quarantined: 0 });
    expect(notes()).toEqual([]);
    expect(Object.values(textsUnder(server(), `${OUT}/main/`))).toEqual(Array(INPUTS[handler]).fill(`${LINE}\n`));
  });
});
