import { MessageRecord, recordsOf } from "../../../functions/consume/record";
import { PulledSearch } from "../../../functions/monitor/pulled-search";
import { openSearcher } from "../../../functions/parser/search/searcher";
import { readMessage } from "../../../functions/tencent/topic-reader/log-group";
import { encodeMessage } from "../../../local/cls/log-group";

const ORIGIN = { uin: "1", logsetId: "l".repeat(36), topicId: "t".repeat(36), receivedAt: 1 };
const NEEDS = [[{ field: "status", test: "starts", text: "50" }], [{ text: "panic" }]] as const;

describe.each([
  ["vectors", openSearcher()],
  ["a regular expression", undefined],
])("with %s", (_, searcher) => {
  const search = new PulledSearch(NEEDS, { searcher });

  it("a pair of a log is found by its key and by what its value starts with, and by nothing else", () => {
    const contents: Record<string, string>[] = [
      { status: "503", path: "/" },
      { status: "250", path: "/50" },
      { path: "status50", status: "" },
      { xstatus: "503" },
      { message: "a panic" },
    ];
    const { logs } = readMessage(
      encodeMessage(
        contents.map((one) => ({ time: 1, contents: one })),
        ORIGIN,
      ),
    );
    const [status, text] = search.mayMatch(recordsOf(logs)) ?? [];
    // Without vectors only the key is looked for.
    expect(status).toEqual(searcher ? [0] : [0, 1, 2]);
    expect(text).toEqual([4]);
  });

  it("a pair is found wherever what is searched at a time is cut", () => {
    const step = searcher ? 1 : 16;
    for (let shift = 0; shift < 48; shift += step) {
      const fill = (searcher?.maxBytes ?? 1000) - 48 + shift;
      const { logs } = readMessage(
        encodeMessage([{ time: 1, contents: { fill: "x".repeat(fill), status: "503", end: "y".repeat(300) } }], ORIGIN),
      );
      expect(search.mayMatch(recordsOf(logs))?.[0]).toEqual([0]);
    }
  });

  it("messages are searched each in its own bytes, whatever stands between them", () => {
    const text = ['{"status":"200"}', "panic", '{"status":503}', "panic", "no JSON, but a panic", "{}"];
    const bytes = Buffer.from(text.join(""));
    let end = 0;
    const records = text.map((one) => {
      end += one.length;
      return new MessageRecord({ value: bytes.subarray(end - one.length, end), timestamp: "0" });
    });
    const messages = [records[0], records[2], records[4], records[5]];
    expect(search.mayMatch(messages)).toEqual([[1], [2]]);
  });
});

it("a number that no double holds is its digits, as it is where it is pushed", () => {
  const record = new MessageRecord({ value: Buffer.from('{"trace":12345678901234567890,"ms":1.50}'), timestamp: "0" });
  expect(record.fields).toEqual({ trace: "12345678901234567890", ms: 1.5 });
});
