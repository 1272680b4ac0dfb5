import { inflateRawSync } from "node:zlib";
import { objectIn } from "../../../functions/runtime/checked-json";
import { listKeys } from "../../../functions/tencent/cos-list";
import { ECHO, GRACE_MS, printedBy } from "./functions";
import { spread, upload } from "./logs";
import { makeBucket, makeFunction, makeTopic } from "./make";
import type { Probe } from "./probe";

const OBJECTS = 20;

export const COS_EVENTS: Probe = {
  id: "cos-events",
  question:
    "How late, how often and in what order do a bucket's events come, and is a key of other letters encoded in them?",
  stated: "at least once, in any order; of such keys no capture was seen",
  fact: "docs/design/facts/runtime.md#cos-trigger-event",
  makes: `a bucket, a topic, a function with a trigger, ${OBJECTS} objects`,
  cents: 0.2,
  seconds: 90,
  async run(account) {
    const { cos, region, signal } = account;
    const bucket = await makeBucket(account);
    const log = await makeTopic(account);
    const name = await makeFunction(account, log, ECHO);
    const trigger = {
      FunctionName: name,
      Namespace: "default",
      TriggerName: `${bucket}.cos.${region}.myqcloud.com`,
      Type: "cos",
      TriggerDesc: JSON.stringify({ event: "cos:ObjectCreated:*", filter: { Prefix: "in/", Suffix: ".json" } }),
    };
    const what = `trigger of ${bucket} on ${name} in ${region}`;
    account.cleanUp.willMake(what, () => account.clean("scf:DeleteTrigger", trigger));
    await account.make("scf:CreateTrigger", { ...trigger, Enable: "OPEN" });
    // COS applies a trigger with a delay.
    await account.wait(10_000);

    const sent = new Map<string, number>();
    for (let n = 0; n < OBJECTS; n++) {
      const key = n === 0 ? "in/ü 中.json" : `in/${n}.json`;
      await cos.put({ bucket, region, key }, Buffer.from("{}"), "application/json", signal);
      sent.set(key, account.now());
    }
    const isEnough = (lines: Parameters<typeof objectsIn>[0]): boolean =>
      new Set(objectsIn(lines).map(({ key }) => key)).size >= OBJECTS;
    const objects = objectsIn(await printedBy(account, log, isEnough, { most: 120_000, grace: GRACE_MS }));
    const keys = new Set(objects.map(({ key }) => key));
    const lags = objects.flatMap(({ key, at }) => (sent.has(key) ? [at - (sent.get(key) as number)] : []));
    const other = objects.find(({ key }) => key === "in/ü 中.json");
    const isRaw = other?.field.endsWith("in/ü 中.json") ? "as it is" : (other?.field ?? "not seen");
    const order = objects.map(({ key }) => [...sent.keys()].indexOf(key));
    const isInOrder = order.every((at, index) => index === 0 || at >= order[index - 1]);
    return `${spread(lags)}, by SCF's clock; ${keys.size} of ${OBJECTS} came, ${objects.length - keys.size} twice, ${isInOrder ? "in order" : "not in order"}; eventName ${objects[0]?.event ?? "none"}; cosObject.key of "in/ü 中.json": ${isRaw}`;
  },
};

interface Told {
  readonly key: string;
  /** The unmodified `cosObject.key`. */
  readonly field: string;
  readonly event: string;
  readonly at: number;
}

function objectsIn(printed: readonly { readonly at: number; readonly event: unknown }[]): Told[] {
  return printed.flatMap(({ at, event }) => {
    const { Records: records = [] } = event as {
      Records?: { cos: { cosObject: { key: string; url: string } }; event: { eventName: string } }[];
    };
    return records.map(({ cos: { cosObject }, event: { eventName } }) => ({
      key: decodeURIComponent(new URL(cosObject.url).pathname.slice(1)),
      field: cosObject.key,
      event: eventName,
      at,
    }));
  });
}

export const SHIPPED_FILES: Probe = {
  id: "shipped-files",
  question: "What is a shipped file called, of how many members of gzip is it, and where do tags stand in its lines?",
  stated: "{prefix}{partition}_{random}_{index}; tags under __TAG__, as delivery to CKafka has them",
  fact: "docs/design/facts/runtime.md#shipping-to-cos",
  makes: "a bucket, a topic, a shipper of 300 s, 20 logs; CLS_QcsRole must be there",
  cents: 0.2,
  seconds: 420,
  async run(account) {
    const { cos, region, signal } = account;
    const bucket = await makeBucket(account);
    const { topicId } = await makeTopic(account);
    const shipper = account.name();
    const created = await account.make("cls:CreateShipper", {
      TopicId: topicId,
      Bucket: bucket,
      Prefix: "shipped/",
      ShipperName: shipper,
      Interval: 300,
      MaxSize: 5,
      Partition: "%Y/%m/%d/%H/",
      Compress: { Format: "gzip" },
      Content: { Format: "json", Json: { EnableTag: true, MetaFields: ["__TIMESTAMP__", "__SOURCE__"] } },
      FilenameMode: 0,
      TimeZone: "GMT+08:00",
    });
    // It is deleted with its topic; files that it still writes would keep the bucket from being deleted.
    account.cleanUp.willMake(`shipper ${shipper} in ${region}`, () =>
      account.clean("cls:DeleteShipper", { ShipperId: created.ShipperId }),
    );
    const began = account.now();
    for (let n = 0; n < 2; n++) {
      const logs = Array.from({ length: 10 }, (_, index) => ({ n: String(n * 10 + index) }));
      await upload(account, topicId, logs, [["host", "doctor"]]);
      await account.wait(2_000);
    }
    const key = await account.until(
      async () => {
        for await (const found of listKeys(cos, { bucket, region, prefix: "shipped/", signal })) return found;
        return undefined;
      },
      { every: 5_000, most: 600_000 },
    );
    if (key === undefined) return "no file within 10 minutes; see tencent-logs doctor for the role of CLS";
    const after = Math.round((account.now() - began) / 1000);
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await cos.get({ bucket, region, key }, { signal })).body) chunks.push(chunk);
    const { members, text } = unpack(Buffer.concat(chunks));
    const lines = text.trimEnd().split("\n");
    const first = objectIn(lines[0] ?? "") ?? {};
    const tags = "__TAG__" in first ? `__TAG__ is ${JSON.stringify(first.__TAG__)}` : "there is no __TAG__";
    return `${key}, after ${after} s; ${members} ${members === 1 ? "member" : "members"} of gzip, ${lines.length} lines; fields ${Object.keys(first).join(", ")}; ${tags}`;
  },
};

/** Length of a member's header without its optional fields, and of its trailer. */
const HEAD_BYTES = 10;
const TAIL_BYTES = 8;

/** Unpacks a gzip file, and counts its members. Throws if it is invalid. */
export function unpack(file: Buffer): { members: number; text: string } {
  const texts: Buffer[] = [];
  let members = 0;
  for (let at = 0; at < file.length; members++) {
    const start = at + headOf(file.subarray(at));
    // With `info`, zlib also returns how many bytes it consumed.
    const { buffer, engine } = inflateRawSync(file.subarray(start), { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    texts.push(buffer);
    at = start + engine.bytesWritten + TAIL_BYTES;
  }
  return { members, text: Buffer.concat(texts).toString() };
}

/** Length of a member's header. RFC 1952. */
function headOf(member: Buffer): number {
  if (member[0] !== 0x1f || member[1] !== 0x8b) throw new Error("a file must be gzip, got something else");
  const flags = member[3];
  let at = HEAD_BYTES;
  if (flags & 4) at += 2 + member.readUInt16LE(at);
  for (const text of [8, 16]) if (flags & text) at = member.indexOf(0, at) + 1;
  return flags & 2 ? at + 2 : at;
}
