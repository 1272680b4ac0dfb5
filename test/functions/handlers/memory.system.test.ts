import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { KafkaBroker } from "../support/kafka-broker";
import { listen } from "../support/listen";
import { cosEvent, cosRecord } from "../support/events";
import { sample, told } from "../../runs";

const DIST = join(__dirname, "../../../dist");

/** Of the function that has the least by default, Node itself and all that is beside the handler included. */
const MOST_MB = 256;

/** Runs a handler once, in a process of its own; prints its summary, or what it threw, and the most memory that it took. */
const RUN = `
  console.log = () => undefined;
  const [folder] = process.argv.slice(1);
  const { main_handler } = require(folder + "/index.js");
  const event = JSON.parse(require("node:fs").readFileSync(folder + "/event.json"));
  main_handler(event, { request_id: "r", time_limit_in_ms: 300000 }).then(
    (summary) => summary, ({ message }) => ({ message }),
  ).then((outcome) => process.stdout.write(JSON.stringify({ ...outcome, peakMb: process.resourceUsage().maxRSS / 1024 })));
`;

interface Outcome {
  readonly records: number;
  readonly invalid: number;
  readonly message?: string;
  readonly outputs: { readonly main: { readonly records: number } };
  readonly peakMb: number;
}

let folder: string;
let server: Server;
let broker: KafkaBroker;
let url: string;
/** What the server gives for the object. */
let object: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "memory-"));
  copyFileSync(join(DIST, "parts/out-kafka.js"), join(folder, "out-kafka.js"));
  // Takes whatever is written, and keeps none of it.
  server = createServer((request, response) => {
    const headers = { etag: '"1"', "x-cos-request-id": "1", "x-cls-requestid": "1" };
    if (request.method === "GET") return void response.writeHead(200, headers).end(object);
    request.resume().on("end", () => response.writeHead(request.method === "DELETE" ? 204 : 200, headers).end());
  });
  await listen(server, 0);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  broker = new KafkaBroker(["logs"]);
  await broker.listen();
});
afterAll(async () => {
  await broker.close();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const BUCKET = { bucket: "b-1250000000", region: "ap-guangzhou" };
const OUTPUTS = {
  COS: () => ({ type: "cos", ...BUCKET, prefix: "o/", onFailure: "fail" }),
  CLS: () => ({ type: "cls", topicId: "t", region: "ap-guangzhou", onFailure: "fail" }),
  CKafka: () => ({ type: "ckafka", brokers: [broker.address], topic: "logs", onFailure: "fail" }),
  "a webhook": () => ({ type: "webhook", urlSecret: "LOGS_SECRET_HOOK", onFailure: "fail" }),
};

async function run(handler: string, event: object, output: keyof typeof OUTPUTS): Promise<Outcome> {
  copyFileSync(join(DIST, `handlers/${handler}/index.js`), join(folder, "index.js"));
  writeFileSync(join(folder, "event.json"), JSON.stringify(event));
  const settings = {
    version: 1,
    region: "ap-guangzhou",
    processor: { type: "count", check: "json" },
    quarantine: { ...BUCKET, prefix: "quarantine/" },
    outputs: { main: OUTPUTS[output]() },
    defaultOutput: "main",
  };
  const env = {
    ...process.env,
    LOGS_SETTINGS: JSON.stringify(settings),
    LOGS_SECRET_HOOK: `${url}/hook`,
    COS_ENDPOINT: url,
    CLS_ENDPOINT: url,
    TENCENTCLOUD_SECRETID: "id",
    TENCENTCLOUD_SECRETKEY: "key",
    TENCENTCLOUD_SESSIONTOKEN: "token",
  };
  const child = spawn(process.execPath, ["-e", RUN, folder], { env, stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
  await new Promise((resolve) => child.on("close", resolve));
  return JSON.parse(printed) as Outcome;
}

/** An object of JSON with nothing but objects of nothing in it: each takes 56 bytes of memory for three. */
function objectsOfNothing(bytes: number): string {
  return `{"a":[${"{},".repeat(bytes / 3)}{}]}`;
}

function clsEvent(contents: string[]): object {
  const records = contents.map((content) => ({ timestamp: "1605578090000000", content }));
  return { clslogs: { data: gzipSync(JSON.stringify({ topic_id: "t", records })).toString("base64") } };
}

afterAll(() => console.info(told(`memory of ${tried.join(", ")}`)));
const tried = sample(Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[], 2);

describe.each(tried)("the memory of a function that writes to %s", (output) => {
  it.each<[string, string[]]>([
    ["logs of a megabyte of one letter", Array<string>(15).fill(JSON.stringify({ m: "A".repeat(1e6) }))],
    ["logs of objects of nothing", Array<string>(12).fill(objectsOfNothing(240_000))],
  ])(
    "is bounded where an event holds %s",
    async (_, contents) => {
      const { peakMb, ...outcome } = await run("cls-stream", clsEvent(contents), output);
      expect(outcome).toMatchObject({ records: contents.length, outputs: { main: { records: contents.length } } });
      expect(peakMb).toBeLessThan(MOST_MB);
    },
    180_000,
  );

  it("is bounded where an object holds lines of a megabyte of objects of nothing", async () => {
    object = gzipSync(`{"a":1}\n${`${objectsOfNothing(1_000_000)}\n`.repeat(20)}`);
    const { peakMb, ...outcome } = await run("cos-batch", cosEvent(cosRecord("b-1250000000", "a.gz")), output);
    expect(outcome).toMatchObject({ records: 1, invalid: 20, outputs: { main: { records: 1 } } });
    expect(peakMb).toBeLessThan(MOST_MB);
  }, 180_000);
});

describe("the memory of a function", () => {
  it("is bounded, whatever it writes to, where an event holds more logs than it could be read into", async () => {
    const logs = gzipSync(`{"topic_id":"t","records":[${"{},".repeat(900_000)}{}]}`).toString("base64");
    const { peakMb } = await run("cls-stream", { clslogs: { data: logs } }, "COS");
    expect(peakMb).toBeLessThan(MOST_MB);
  }, 180_000);
});

describe("the memory that names of fields take", () => {
  /**
   * Lines that each have a key more than the one before, each twice, since names are kept of what is met again: a million of
   * them in all. Prints what is held of memory when the last one was read, and whether all could be asked for.
   */
  const GROW = `
    const { parse } = require(${JSON.stringify(join(DIST, "functions/parser/parse.js"))});
    const lines = [];
    let members = "";
    for (let n = 0; n < 1500; n++) {
      members += (n === 0 ? "" : ",") + '"a name of its own ' + n + '":' + n;
      lines.push("{" + members + "}\\n");
    }
    function* source() {
      for (const line of lines) yield Buffer.from(line + line);
    }
    (async () => {
      global.gc();
      const before = process.memoryUsage().heapUsed;
      let wrong = 0;
      let n = 0;
      const options = { object: "o", check: "json", maxLineBytes: 1 << 20 };
      for await (const { records } of parse(source(), options, { lines: 0, records: 0, invalid: 0 })) {
        for (const record of records) {
          const last = n++ >> 1;
          if (record.get("a name of its own " + last) !== last || record.has("a name of its own " + (last + 1))) wrong++;
        }
      }
      global.gc();
      console.log(JSON.stringify({ wrong, heldMb: (process.memoryUsage().heapUsed - before) / 2 ** 20 }));
    })();
  `;

  it("is bounded by the number of names, and each is found all the same", () => {
    const { stdout } = spawnSync(process.execPath, ["--expose-gc", "-e", GROW], { encoding: "utf8" });
    const { wrong, heldMb } = JSON.parse(stdout) as { wrong: number; heldMb: number };
    expect(wrong).toBe(0);
    expect(heldMb).toBeLessThan(40);
  }, 180_000);
});
