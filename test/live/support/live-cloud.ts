import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { inflateRawSync } from "node:zlib";
import { type LiveLine, type LiveRecord, liveRecordOf } from "../../../functions/live/record";
import { watchFlagKey, watchFlagText } from "../../../functions/live/watch-flag";
import { decodeLogGroupList } from "../../../local/cls/protobuf";

/** What a service does instead of its work. */
export type Fault =
  | { readonly type: "status"; readonly status: number; readonly body?: string }
  /** The connection ends without an answer. */
  | { readonly type: "reset" }
  /** No answer comes. */
  | { readonly type: "silence" }
  /** The connection ends in the middle of an answer. */
  | { readonly type: "half" }
  /** The answer is delayed; the work is done immediately. */
  | { readonly type: "slow"; readonly ms: number }
  /** The work is done, and the connection ends without an answer. */
  | { readonly type: "forgets" };

type Step = "flag" | "topic";

const SETTINGS = {
  topic: "live-topic",
  bucket: "live-1250000000",
  region: "ap-guangzhou",
  handler: "index.main_handler",
};

/** The parts of COS and CLS that a reporter uses, on one address of 127.0.0.1. */
export class LiveCloud {
  /** Until when somebody watches, in milliseconds since the epoch; undefined if there is no flag. */
  until: number | undefined;
  /** Milliseconds by which COS's clock is ahead of this machine's. */
  ahead = 0;
  /** Called for each request, with the number of earlier ones of its kind. */
  fault: (step: Step, earlier: number) => Fault | undefined = () => undefined;
  readonly uploads: { readonly bytes: number; readonly records: readonly LiveRecord[]; readonly times: number[] }[] =
    [];
  readonly requests: { readonly step: Step; readonly method: string; readonly url: string; readonly status: number }[] =
    [];
  readonly #counts = { flag: 0, topic: 0 };
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<LiveCloud> {
    const server = createServer();
    const cloud = new LiveCloud(server);
    server.on("request", (request, response) => void cloud.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return cloud;
  }

  /** The variables of a watched function. @param settings instead of the default ones */
  environment(settings: object = {}): Record<string, string> {
    return {
      LOGS_LIVE: JSON.stringify({ ...SETTINGS, ...settings }),
      COS_ENDPOINT: this.url,
      CLS_ENDPOINT: this.url,
      TENCENTCLOUD_SECRETID: "AKIDlivetest",
      TENCENTCLOUD_SECRETKEY: "livetestkey",
      TENCENTCLOUD_SESSIONTOKEN: "livetesttoken",
      SCF_FUNCTIONNAME: "orders",
      SCF_NAMESPACE: "default",
    };
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Starts watching. */
  watch(milliseconds = 60_000): void {
    this.until = Date.now() + this.ahead + milliseconds;
  }

  /** All received records, each once, ordered by number. */
  records(): LiveRecord[] {
    const bySeq = new Map<number, LiveRecord>();
    for (const { records } of this.uploads)
      for (const record of records) if (!bySeq.has(record.seq)) bySeq.set(record.seq, record);
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  /** The received lines. */
  lines(): LiveLine[] {
    return this.records().flatMap((record) => (record.kind === "line" ? [record] : []));
  }

  /** Their texts. */
  texts(): string[] {
    return this.lines().map(({ text }) => text);
  }

  /** The requests whose ends were received, so that all their lines were received too. */
  ends(): string[] {
    return this.records().flatMap(({ kind, requestId }) => (kind === "end" ? [requestId] : []));
  }

  /** Resolves when a condition holds; throws after a timeout. */
  async comes(what: string, holds: () => boolean, milliseconds = 10_000): Promise<void> {
    for (const endsAt = Date.now() + milliseconds; !holds(); await sleep(5)) {
      if (Date.now() > endsAt) throw new Error(`${what} did not come: ${JSON.stringify(this.records())}`);
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const step: Step = request.headers.host?.includes(".cls.") ? "topic" : "flag";
    const fault = this.fault(step, this.#counts[step]++);
    const { method = "", url = "" } = request;
    const answer = this.#work(step, request, fault, Buffer.concat(chunks));
    this.requests.push({ step, method, url, status: answer.status });
    if (fault?.type === "silence") return;
    if (fault?.type === "reset" || fault?.type === "forgets") return void request.socket.resetAndDestroy();
    if (fault?.type === "slow") await sleep(fault.ms);
    response.setHeader("date", new Date(Date.now() + this.ahead).toUTCString());
    response.writeHead(answer.status, answer.headers);
    if (fault?.type !== "half") return void response.end(answer.body);
    response.write(answer.body.slice(0, 1) || "x");
    setTimeout(() => request.socket.resetAndDestroy(), 5);
  }

  #work(step: Step, request: IncomingMessage, fault: Fault | undefined, body: Buffer) {
    if (fault?.type === "status") return { status: fault.status, headers: {}, body: fault.body ?? "" };
    const isDone = fault === undefined || fault.type === "slow" || fault.type === "forgets";
    if (step === "flag") return this.#flag(request);
    const headers: Record<string, string | number> = { "x-cls-requestid": "upload", "content-length": fault ? 10 : 0 };
    if (fault?.type !== "half") delete headers["content-length"];
    if (isDone) this.#store(body);
    return { status: 200, headers, body: "" };
  }

  #flag(request: IncomingMessage): { status: number; headers: Record<string, string>; body: string } {
    const isKey = request.url === `/${watchFlagKey({ namespace: "default", function: "orders" })}`;
    if (this.until === undefined || !isKey) {
      return { status: 404, headers: {}, body: "<Error><Code>NoSuchKey</Code></Error>" };
    }
    const etag = `"${this.until}"`;
    if (request.headers["if-none-match"] === etag) return { status: 304, headers: { etag }, body: "" };
    return { status: 200, headers: { etag }, body: watchFlagText(this.until) };
  }

  #store(body: Buffer): void {
    const logs = decodeLogGroupList(inflateRawSync(body)).flat();
    const records = logs.map(({ contents }) => liveRecordOf(contents));
    this.uploads.push({ bytes: body.length, records, times: logs.map(({ time }) => time) });
  }
}
