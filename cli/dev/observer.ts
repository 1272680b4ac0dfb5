import { quarantinesOf } from "./quarantines";
import type { ClsRecord, LocalCloud, Topic } from "../../local";
import { objectIn } from "../../functions/runtime/checked-json";
import { parseNote } from "../quarantine/note";
import type { Happening } from "./events";

/** The role with which CLS stores shipped files. */
const SHIPPER_ROLE = "CLS_QcsRole";

/** Reports the events of a local cloud, from its start on. */
export class Observer {
  /** Topic to which the session itself is writing: records that it receives meanwhile are the session's. */
  fedTopicId: string | undefined;
  readonly #topics = new WeakSet<Topic>();

  constructor(
    private readonly cloud: LocalCloud,
    private readonly tell: (happening: Happening) => void,
  ) {
    this.#watchFunctions();
    this.#watchLogs();
    this.#watchObjects();
  }

  /** Watches topics that were created since the last call. */
  watchTopics(): void {
    for (const topic of this.cloud.cls.allTopics()) {
      if (this.#topics.has(topic)) continue;
      this.#topics.add(topic);
      topic.onRecords((records) => {
        const { id, name, region } = topic;
        const from = id === this.fedTopicId ? "session" : isFunctionLog(records[0]) ? "function-log" : "cloud";
        this.tell({ type: "received", topic: name, topicId: id, region, records: records.length, from });
        return Promise.resolve();
      });
    }
  }

  #watchFunctions(): void {
    this.cloud.observeRuns({
      begun: ({ target, requestId, source, attempt }) => {
        const { name, region } = target.spec;
        this.tell({ type: "invoked", function: name, region, requestId, source, attempt });
      },
      wrote: ({ target, requestId }, { stream, text }) => {
        const { name, region } = target.spec;
        this.tell({ type: "log", function: name, region, requestId, stream, text });
      },
    });
    this.cloud.onInvocation(({ error, functionName, givenUp, ...run }) => {
      const { attempt, memoryMb, ms, region, requestId, result, source } = run;
      this.tell({
        type: "finished",
        function: functionName,
        ...{ region, requestId, source, attempt, ms, memoryMb, givenUp },
        ...(error === undefined
          ? { result }
          : { error: { message: error.errorMessage, ...(error.stackTrace && { stack: error.stackTrace }) } }),
      });
    });
  }

  #watchLogs(): void {
    this.cloud.cls.onShipped(({ spec, topic }, { bytes, key, message, records, status }) => {
      const { bucket, name: shipper } = spec;
      const file = { shipper, topic: topic.name, region: topic.region, bucket, key, records };
      if (status === "success") this.tell({ type: "shipped", ...file, bytes });
      else this.tell({ type: "ship-failed", ...file, message: message ?? "" });
    });
    this.cloud.deliveries.onDelivered(({ spec, topic }, records) => {
      const { name, region } = topic;
      this.tell({ type: "delivered", topic: name, region, function: spec.functionName, records });
    });
  }

  #watchObjects(): void {
    this.cloud.cos.onEvent(({ authorization, bucket, name: event, object }) => {
      const place = { bucket: bucket.name, region: bucket.region, key: object.key };
      const isRemoved = event === "cos:ObjectRemove:Delete";
      const quarantine = quarantinesOf(this.cloud).find((one) => {
        return one.bucket === bucket.name && object.key.startsWith(one.prefix);
      });
      if (quarantine) {
        if (!isNote(object.key.slice(quarantine.prefix.length))) return;
        if (isRemoved) this.tell({ type: "released", ...place });
        else void this.#tellNote(place, quarantine.prefix);
      } else if (isRemoved) this.tell({ type: "removed", ...place });
      // Objects of a shipper are reported as shipped.
      else if (this.#signer(authorization) !== SHIPPER_ROLE) {
        this.tell({ type: "stored", ...place, bytes: object.size });
      }
    });
  }

  async #tellNote(place: { bucket: string; region: string; key: string }, prefix: string): Promise<void> {
    // It may already be removed, which is also reported.
    const text = await this.cloud
      .bucket(place.bucket)
      .read(place.key)
      .catch(() => Buffer.from(""));
    const note = objectIn(text.toString()) === undefined ? undefined : parseNote(text.toString(), place.key, prefix);
    const found = note && { about: note.name, reason: `${note.note.reason.code}: ${note.note.reason.message}` };
    this.tell({ type: "quarantined", ...place, ...found });
  }

  /** The role that signed a request; undefined for the account's owner. */
  #signer(authorization: string): string | undefined {
    const secretId = /q-ak=([^&]+)/.exec(authorization)?.[1] ?? "";
    const principal = this.cloud.cam.credential(secretId)?.principal;
    return principal?.kind === "role" ? principal.role.name : undefined;
  }
}

/** A record of SCF, recognized by its fields. Fact: docs/design/facts/runtime.md#function-log. */
function isFunctionLog(record: ClsRecord | undefined): boolean {
  return record?.contents.SCF_RequestId !== undefined;
}

/** Marks of work in progress, and the records of a batch, are not notes for people. */
function isNote(key: string): boolean {
  return key.endsWith(".json") && !key.startsWith("started/");
}
