import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emptyCounts } from "../../../../functions/parser/counts";
import { parse } from "../../../../functions/parser/parse";
import type { ContentSettings } from "../../../../functions/settings";
import { LogContent, PRESETS, type PresetDefinition, type PresetName } from "../../../../lib";

/** What a hand-made file in the layout that the service documents is read as. */
function sample(name: PresetName): Buffer {
  return readFileSync(join(__dirname, `samples/${name}.log`));
}

interface Reading {
  readonly records: readonly (readonly [line: number, fields: object])[];
  readonly invalid: readonly (readonly [line: number, reason: string])[];
  readonly error?: string;
}

/** Reads a text in pieces of so many bytes. */
async function read(text: Buffer | string, content: ContentSettings, piece = Infinity): Promise<Reading> {
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) chunks.push(bytes.subarray(at, Math.min(bytes.length, at + piece)));
  const records: [number, object][] = [];
  const invalid: [number, string][] = [];
  try {
    const options = { object: "sample", check: "json", maxLineBytes: 4096, content } as const;
    for await (const batch of parse(chunks, options, emptyCounts())) {
      for (const { fields, place } of batch.records) records.push([place.line, { ...fields }]);
      for (const { place, reason } of batch.invalid) invalid.push([place.line, reason]);
    }
  } catch (error) {
    return { records, invalid, error: (error as Error).message };
  }
  return { records, invalid };
}

const readSample = (name: PresetName) => read(sample(name), LogContent.preset(name).settings);
const own = (definition: Omit<PresetDefinition, "name">) => LogContent.preset({ name: "own", ...definition }).settings;

describe("a known layout is read from a file as the service documents it:", () => {
  it("access logs of COS", async () => {
    const { records, invalid } = await readSample("cos-access");
    expect(records.map(([line]) => line)).toEqual([1, 2, 3, 4]);
    expect(records[0][1]).toEqual({
      eventVersion: "1.0",
      bucketName: "examplebucket-1250000000",
      qcsRegion: "ap-guangzhou",
      eventTime: Date.UTC(2026, 0, 15, 8, 0, 1),
      eventSource: "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com",
      eventName: "GetObject",
      remoteIp: "203.0.113.7",
      userSecretKeyId: "AKIDEXAMPLE00000000000000000000000001",
      reqBytesSent: 0,
      deltaDataSize: 0,
      reqPath: "/folder/text.txt",
      reqMethod: "GET",
      userAgent: "Mozilla/5.0 (X11; Linux x86_64)",
      resHttpCode: 200,
      resBytesSent: 83886080,
      resTotalTime: 4295,
      logSourceType: "USER",
      storageClass: "STANDARD",
      accountId: "100000000001",
      resTurnAroundTime: 12,
      requester: "100000000001:100000000002",
      requestId: "NWQ1ZjY4MTBfMjZiMjU4NjRfOWI1N180NDBiYTY=",
      objectSize: 83886080,
      referer: "https://www.example.com/",
      requestUri: "GET /folder/text.txt HTTP/1.1",
      vpcId: "0",
      __TIMESTAMP__: Date.UTC(2026, 0, 15, 8, 0, 1),
    });
    expect(records[1][1]).toMatchObject({ resErrorMsg: "The specified key does not exist.", logSourceType: "CDN" });
    expect(records[2][1]).toMatchObject({ deltaDataSize: -808 });
    expect(records[2][1]).not.toHaveProperty("vpcId");
    expect(records[3][1]).toMatchObject({ vpcId: "0", moreColumns: ["a-new-field"] });
    expect(invalid).toEqual([
      [5, "not a record of cos-access: a value is quoted and goes on behind its quote"],
      [6, "not a record of cos-access: eventTime is no time of its format"],
    ]);
  });

  it("offline logs of CDN, whose times are Beijing's", async () => {
    const { records, invalid } = await readSample("cdn-access");
    expect(records.map(([, fields]) => fields)).toEqual([
      {
        time: Date.UTC(2026, 0, 15, 8, 0, 1),
        client_ip: "203.0.113.7",
        host: "www.example.com",
        url: "/images/logo.png",
        rsp_size: 5120,
        prov: 4,
        isp: 2,
        http_code: 200,
        referer: "https://www.example.com/",
        request_time: 12,
        ua: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)",
        request_range: "bytes=0-1023",
        method: "GET",
        proto: "HTTP/2.0",
        hit: "hit",
        request_port: 51234,
        __TIMESTAMP__: Date.UTC(2026, 0, 15, 8, 0, 1),
      },
      expect.objectContaining({ prov: -1, isp: -1, hit: "miss" }),
      expect.objectContaining({ prov: 22, hit: "hit" }),
    ]);
    expect(Object.keys(records[1][1])).not.toEqual(expect.arrayContaining(["referer"]));
    expect(invalid).toEqual([[4, "not a record of cdn-access: 3 columns in place of 15 to 16"]]);
  });

  it("offline logs of EdgeOne", async () => {
    const { records, invalid } = await readSample("edgeone");
    expect(records).toEqual([
      [
        1,
        expect.objectContaining({
          RequestTime: Date.UTC(2026, 0, 15, 8, 0, 1),
          __TIMESTAMP__: Date.UTC(2026, 0, 15, 8, 0, 1),
          EdgeResponseStatusCode: 200,
          RequestStatus: 1,
        }),
      ],
    ]);
    for (const name of ["RemotePort", "RequestUrlQueryString"]) expect(records[0][1]).not.toHaveProperty(name);
    expect(invalid).toEqual([[2, "not a record of edgeone: RequestTime is no time of its format"]]);
  });

  it("events of CloudAudit, in a list or a line each", async () => {
    const { records, invalid } = await readSample("cloudaudit");
    const event = { eventName: "StopInstances", eventTime: 1768464001000, __TIMESTAMP__: 1768464001000, errorCode: 0 };
    expect(records).toEqual([[1, expect.objectContaining(event)]]);
    expect(invalid).toEqual([[2, "not a record of cloudaudit: eventTime is no time of its format"]]);
    const lines = JSON.parse(sample("cloudaudit").toString()) as object[];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    expect(await read(text, LogContent.preset("cloudaudit").settings)).toEqual({ records, invalid });
  });

  it("access logs of CLB, as CLS ships their topic", async () => {
    const { records, invalid } = await readSample("clb-access");
    const typed = { status: 200, server_port: 443, request_time: 0.012, vip_vpcid: -1, upstream_status: "200" };
    expect(records).toMatchObject([
      [1, { ...typed, time_local: 1768464001000 }],
      // Sent to two servers, of which one did not answer.
      [3, { upstream_status: "504, 200", upstream_response_time: "60.000, 0.012", upstream_connect_time: "-, 0.001" }],
    ]);
    expect(records[1][1]).toMatchObject({
      request_time: 60.013,
      connection: 88123,
      connection_requests: 2,
      uri: "/api",
    });
    for (const [, fields] of records) expect(fields).not.toHaveProperty("http_referer");
    expect(invalid).toEqual([[2, "not a record of clb-access: status is no whole number"]]);
  });

  it("nginx's combined", async () => {
    const { records, invalid } = await readSample("nginx-combined");
    expect(records).toEqual([
      [
        1,
        {
          remote_addr: "203.0.113.7",
          time_local: Date.UTC(2026, 0, 15, 8, 0, 1),
          __TIMESTAMP__: Date.UTC(2026, 0, 15, 8, 0, 1),
          method: "GET",
          path: "/search?q=%E7%81%AF",
          protocol: "HTTP/1.1",
          status: 200,
          body_bytes_sent: 5120,
          http_referer: "https://www.example.com/",
          http_user_agent: "Mozilla/5.0 (X11; Linux x86_64) said \\x22hello\\x22",
        },
      ],
      [
        2,
        {
          remote_addr: "2001:db8::7",
          remote_user: "Zo\\xC3\\xAB",
          time_local: Date.UTC(2026, 0, 15, 8, 0, 2),
          __TIMESTAMP__: Date.UTC(2026, 0, 15, 8, 0, 2),
          request: "\\x16\\x03\\x01",
          status: 400,
          body_bytes_sent: 157,
        },
      ],
    ]);
    expect(invalid).toEqual([
      [3, "not a record of nginx-combined: the pattern does not match"],
      [4, "not a record of nginx-combined: time_local is no time of its format"],
    ]);
  });

  it("Apache's combined", async () => {
    const { records, invalid } = await readSample("apache-combined");
    expect(records.map(([, fields]) => fields)).toEqual([
      {
        host: "127.0.0.1",
        user: "frank",
        time: Date.UTC(2000, 9, 10, 20, 55, 36),
        __TIMESTAMP__: Date.UTC(2000, 9, 10, 20, 55, 36),
        method: "GET",
        path: "/apache_pb.gif",
        protocol: "HTTP/1.0",
        status: 200,
        bytes: 2326,
        referer: "http://www.example.com/start.html",
        user_agent: 'Mozilla/4.08 [en] (Win98; I ;Nav) \\"quoted\\"',
      },
      {
        host: "127.0.0.1",
        time: Date.UTC(2000, 9, 10, 20, 55, 37),
        __TIMESTAMP__: Date.UTC(2000, 9, 10, 20, 55, 37),
        status: 408,
      },
    ]);
    expect(invalid).toEqual([[3, "not a record of apache-combined: the pattern does not match"]]);
  });

  it("log4j with stack traces, whose clock is in a zone that is told", async () => {
    const { settings } = LogContent.preset("log4j", { zone: "Asia/Shanghai" });
    const { records, invalid } = await read(sample("log4j"), settings);
    expect(records).toEqual([
      [1, expect.objectContaining({ time: Date.UTC(2026, 0, 15, 8, 0, 1, 234), level: "INFO", thread: "main" })],
      [
        2,
        {
          time: Date.UTC(2026, 0, 15, 8, 0, 2, 345),
          __TIMESTAMP__: Date.UTC(2026, 0, 15, 8, 0, 2, 345),
          thread: "http-1",
          level: "ERROR",
          logger: "com.example.Orders",
          context: "req-42",
          message: "order 8812 failed",
          stack:
            "java.lang.IllegalStateException: no stock\n\tat com.example.Orders.place(Orders.java:42)\n" +
            "\tat com.example.Orders.main(Orders.java:7)",
        },
      ],
    ]);
    expect(invalid).toEqual([[6, "not a record of log4j: the pattern does not match"]]);
  });

  it("logback, whose times may name their zone", async () => {
    const { records, invalid } = await readSample("logback");
    expect(records).toEqual([
      [1, expect.objectContaining({ time: Date.UTC(2026, 0, 15, 8, 0, 1, 234), message: "low stock - only 2 left" })],
      [2, expect.objectContaining({ time: Date.UTC(2026, 0, 15, 16, 0, 2, 345), stack: "second line" })],
    ]);
    expect(invalid).toEqual([]);
  });

  it("a container's lines, the pieces of long ones joined for each stream", async () => {
    const { records, invalid } = await readSample("container");
    const at = (seconds: number, ms = 0) => {
      const time = Date.UTC(2026, 0, 15, 8, 0, seconds, ms);
      return { time, __TIMESTAMP__: time };
    };
    expect(records).toEqual([
      [1, { log: "started", stream: "stdout", ...at(1, 123) }],
      [3, { log: "an error between", stream: "stderr", ...at(2, 500) }],
      [4, { log: "a long line that goes on", stream: "stdout", ...at(2) }],
      [6, { log: "cut off by a rotation", stream: "stdout", partial: true, ...at(4) }],
    ]);
    expect(invalid).toEqual([[5, "not a record of container: stream is no text"]]);
  });

  it("CSV of Windows, with Excel's line that tells the delimiter", async () => {
    const { records, invalid } = await readSample("windows-csv");
    expect(records).toEqual([[3, { Time: "2026-01-15 08:00:01", Level: "Error", Message: 'a; b "c"' }]]);
    expect(invalid).toEqual([[4, "not a record of windows-csv: 2 columns in place of 3"]]);
  });
});

describe("a preset", () => {
  it.each(Object.keys(PRESETS) as PresetName[])("%s reads the same however its file is cut", async (name) => {
    const { settings } = LogContent.preset(name);
    const whole = await read(sample(name), settings);
    for (const piece of [1, 7, 61]) expect(await read(sample(name), settings, piece)).toEqual(whole);
  });

  it("makes numbers, whole numbers, flags and times, and leaves out what stands for none", async () => {
    const settings = own({
      columns: ["n", "i", "b", "s", "ms", "day"],
      integers: ["i"],
      numbers: ["n"],
      booleans: ["b"],
      times: { s: "seconds", ms: "milliseconds", day: "%d.%m.%Y %H:%M" },
      zone: "+08:00",
      none: ["", "-"],
    });
    const { records } = await read("1.5e3,+7,TRUE,1768464001.5,1768464001500,15.01.2026 16:00\n-,,0,-,,\n", settings);
    expect(records.map(([, fields]) => fields)).toEqual([
      { n: 1500, i: 7, b: true, s: 1768464001500, ms: 1768464001500, day: Date.UTC(2026, 0, 15, 8) },
      { b: false },
    ]);
  });

  it.each([
    ["n", "1,5"],
    ["n", "Infinity"],
    ["i", "1.5"],
    ["i", "0x10"],
    ["b", "maybe"],
    ["s", "-1"],
    ["day", "30.02.2026 08:00"],
  ])("takes a line for invalid whose field %s holds %j", async (field, value) => {
    const columns = ["n", "i", "b", "s", "day"];
    const good: Record<string, string> = { n: "1", i: "1", b: "1", s: "1", day: "15.01.2026 08:00" };
    const line = (fields: Record<string, string>) => columns.map((name) => fields[name]).join("\t");
    const settings = own({
      columns,
      delimiter: "\t",
      integers: ["i"],
      numbers: ["n"],
      booleans: ["b"],
      times: { s: "seconds", day: "%d.%m.%Y %H:%M" },
    });
    const { records, invalid } = await read(`${line(good)}\n${line({ ...good, [field]: value })}\n`, settings);
    expect(records).toHaveLength(1);
    expect(invalid).toEqual([[2, expect.stringMatching(`^not a record of own: ${field} is `)]]);
  });

  it("takes an object of JSON for invalid that lacks the time of its layout", async () => {
    const { invalid } = await read(`{"a":1}\n${sample("edgeone").toString()}`, LogContent.preset("edgeone").settings);
    expect(invalid[0]).toEqual([1, "not a record of edgeone: RequestTime is missing"]);
  });

  it("keeps the digits of a whole number that a double cannot hold, and counts it", async () => {
    const counts = emptyCounts();
    const content = own({ json: "lines", integers: ["id"] });
    const options = { object: "x", check: "json", maxLineBytes: 4096, content } as const;
    const found: object[] = [];
    for await (const { records } of parse([Buffer.from('{"id":"12345678901234567890"}\n')], options, counts)) {
      found.push(...records.map(({ fields }) => ({ ...fields })));
    }
    expect(found).toEqual([{ id: "12345678901234567890" }]);
    expect(counts).toMatchObject({ records: 1, bigNumbers: 1 });
  });

  it("has a stray quote cost its own line alone, unless values may hold line ends", async () => {
    const text = 'a,"b\nc,d\ne,"f\ng"\n';
    const columns = ["one", "two"];
    expect(await read(text, own({ columns }))).toMatchObject({ records: [[2, { one: "c", two: "d" }]] });
    expect(await read('a,"b\nc"\n', own({ columns, spansLines: true }))).toEqual({
      records: [[1, { one: "a", two: "b\nc" }]],
      invalid: [],
    });
  });

  it("fails a file of CSV that names none of the columns that have types", async () => {
    const settings = own({ columns: true, delimiter: "auto", integers: ["bytes"] });
    const { error } = await read("time,path\n1,/\n", settings);
    expect(error).toBe(
      "csv must begin with the names of its columns, got none for bytes, which the preset knows, in line 1; set columns instead",
    );
    expect(await read("bytes\tpath\n1\t/\n", settings)).toMatchObject({ records: [[2, { bytes: 1, path: "/" }]] });
  });

  it("joins no more of a container's line than its limit, and says that it is a part", async () => {
    const piece = (log: string) => `${JSON.stringify({ log, stream: "stdout", time: "2026-01-15T08:00:00Z" })}\n`;
    const settings = { ...own({ container: true }), layout: { type: "container", maxBytes: 10 } } as ContentSettings;
    const { records } = await read(piece("123456") + piece("7890") + piece("more\n"), settings);
    expect(records).toEqual([
      [2, expect.objectContaining({ log: "1234567890", partial: true })],
      [3, expect.objectContaining({ log: "more" })],
    ]);
    expect(records[1][1]).not.toHaveProperty("partial");
  });

  it("fails a file of which no line is a record", async () => {
    const { error } = await read("one\ntwo\n", LogContent.preset("nginx-combined").settings);
    expect(error).toMatch(/^the content must hold records of nginx-combined, got no record and 2 invalid; /);
  });

  it("keeps a field named __proto__ a field", async () => {
    const { records } = await read("1,2\n", own({ columns: ["__proto__", "b"], integers: ["__proto__"] }));
    expect(Object.entries(records[0][1])).toEqual([
      ["__proto__", 1],
      ["b", "2"],
    ]);
  });
});
