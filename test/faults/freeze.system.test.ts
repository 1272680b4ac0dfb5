import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { type CosServer, environmentOf } from "../functions/support/cos-server";
import { withCosServer } from "../functions/support/environment";
import { cosEvent, cosRecord } from "../functions/support/events";
import { Instance } from "./support/instance";

jest.setTimeout(20_000);

const server = withCosServer();
const BUCKET = "logs-1250000000";
const EVENT = cosEvent(cosRecord(BUCKET, "a.gz"), cosRecord(BUCKET, "gone.gz"));
const READ = { objects: 1, records: 100, quarantined: 1, retries: 0 };
let instance: Instance;

beforeEach(() => {
  server().objects.set(`${BUCKET}/a.gz`, gzipSync('{"a":1}\n'.repeat(100)));
  instance = new Instance(environmentOf(server()));
});

afterEach(() => instance.kill());

/** Only Linux shows a process's sockets as files. */
const onLinux = process.platform === "linux" ? describe : describe.skip;

onLinux("an instance that SCF freezes between two invocations", () => {
  it("has no socket open and nothing running when the handler returns, whatever happened", async () => {
    const bad: Parameters<typeof faultsAt>[1][] = [
      () => undefined,
      (earlier) => (earlier < 2 ? { type: "reset", afterBytes: 20, how: "rst" } : undefined),
      (earlier) => (earlier < 2 ? { type: "hangUp", how: "fin" } : undefined),
      () => ({ type: "status", statusCode: 403, code: "AccessDenied", document: "huge" }),
    ];
    for (const fault of bad) {
      faultsAt(server(), fault);
      expect(await instance.invoke(EVENT)).toMatchObject({ sockets: 0, resources: [] });
      expect(await server().openConnections()).toBe(0);
    }
    faultsAt(server(), () => ({ type: "stall", afterBytes: 10 }));
    const cutShort = await instance.invoke(EVENT, { time_limit_in_ms: 1000 });
    expect(cutShort).toMatchObject({ sockets: 0, resources: [], summary: { objects: 0, quarantined: 2 } });
    expect(await instance.end()).toBe(0);
  });

  it("reads as well after it, with every connection of before reset", async () => {
    expect((await instance.invoke(EVENT)).summary).toMatchObject(READ);
    instance.freeze();
    server().resetConnections();
    await sleep(100);
    instance.thaw();
    expect((await instance.invoke(EVENT)).summary).toMatchObject(READ);
    expect(await instance.end()).toBe(0);
  });

  it("goes on where it was, if it was frozen in the middle of an object and the connection reset", async () => {
    faultsAt(server(), (earlier) => (earlier === 0 ? { type: "stall", afterBytes: 25 } : undefined));
    const pending = instance.invoke(cosEvent(cosRecord(BUCKET, "a.gz")));
    while (server().requestsOf("GET").length === 0) await sleep(10);
    await sleep(50);
    instance.freeze();
    server().resetConnections();
    await sleep(100);
    instance.thaw();
    expect((await pending).summary).toMatchObject({ objects: 1, records: 100, retries: 1 });
    expect(server().requestsOf("GET")[1]).toMatchObject({ range: "bytes=25-" });
    expect(await instance.end()).toBe(0);
  });
});

/** Faults of the requests for `a.gz`, by how many came before within this test's step. */
function faultsAt(cos: CosServer, fault: (earlier: number) => ReturnType<CosServer["fault"]>): void {
  const before = cos.requestsOf("GET").filter(({ object }) => object.endsWith("/a.gz")).length;
  cos.fault = ({ method, object }, earlier) =>
    method === "GET" && object.endsWith("/a.gz") ? fault(earlier - before) : undefined;
}
