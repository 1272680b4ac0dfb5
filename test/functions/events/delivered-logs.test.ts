import { gzipSync } from "node:zlib";
import { openClsEvent, readClsEvent } from "../../../functions/events/cls-event";
import { scanner } from "../../../functions/parser/scan/scanner";
import { eventOf } from "../support/plain-event";
import { bodyOf, eventCases, findEventFault, logOf } from "./delivered-suite";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

describe("logs that are read where they stand are those that two calls of JSON.parse give", () => {
  it.each(eventCases())("%s", (_, run) => run());

  it("whatever they hold, however it is escaped, and whatever is broken", async () => {
    const broken = await findEventFault(SEED, 150);
    expect(broken).toBeGreaterThan(8);
    console.log(`150 events, as many with a byte changed, ${broken} of them broken (LOGS_SEED=${SEED})`);
  }, 60_000);
});

describe("an event that is opened and not read", () => {
  it("shows its JSON, whatever that is, and is proven when it is read", () => {
    const opened = openClsEvent(
      eventOf(Buffer.from('{"topic_id":"t","records":[{"content":"say \\"x\\""}]'), gzipSync),
    );
    expect(opened.json.includes('say \\"x\\"')).toBe(true);
    expect(() => opened.read()).toThrow("clslogs.data must be base64 of JSON, got 51 characters of something else");
    expect(openClsEvent(eventOf(Buffer.from("\xff", "latin1"))).json.toString()).toBe("\ufffd");
  });
});

describe("where logs stand", () => {
  it("is told for each, its content in its JSON's escapes", () => {
    const logs = [
      logOf('"{\\"a\\":1}"'),
      '{"content":{}}',
      logOf('"text"'),
      `{"deep":${"[".repeat(99)}${"]".repeat(99)}}`,
    ];
    const { json, ...delivered } = new Told(bodyOf(...logs));
    expect(delivered.logs).toEqual(logs);
    // JSON.parse does not tell where it finds something.
    expect(delivered.contents).toEqual(scanner() === undefined ? logs : ['{\\"a\\":1}', logs[1], "text", logs[3]]);
    expect(delivered.lines).toEqual([
      '{"__TIMESTAMP__":1605578090000,"a":1}',
      "{}",
      '{"__TIMESTAMP__":1605578090000,"__CONTENT__":"text"}',
      `[${logs[3]}]`,
    ]);
    expect(json.indexOf("text")).toBeGreaterThan(0);
  });
});

class Told {
  readonly json: Buffer;
  readonly logs: string[] = [];
  readonly contents: string[] = [];
  readonly lines: string[] = [];

  constructor(body: string) {
    const { logs } = readClsEvent(eventOf(Buffer.from(body)));
    this.json = logs.json;
    for (const piece of logs.pieces()) {
      for (let log = 0; log < piece.count; log++) {
        this.logs.push(this.json.toString("utf8", piece.start(log), piece.end(log)));
        this.contents.push(this.json.toString("utf8", piece.contentStart(log), piece.contentEnd(log)));
        this.lines.push(piece.line(log).toString());
      }
    }
  }
}
