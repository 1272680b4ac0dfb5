import { keyOf } from "../../functions/outputs/key";
import { receiptKey } from "../../functions/quarantine/receipts";
import type { CosClient } from "../../functions/tencent/cos-client";
import { type ListedObject, listKeys } from "../../functions/tencent/cos-list";
import type { Place, Target } from "./target";

/** What a first part of an object's records is called. */
const PART = "/00000-000.jsonl.gz";

/**
 * What the objects of a pipeline left behind when they were read: output parts, notes and marks, receipts. All of it is
 * listed once, and kept in memory: some 200 bytes an object.
 */
export class Traces {
  readonly #target: Target;
  readonly #kept: ReadonlySet<string>;

  private constructor(target: Target, kept: ReadonlySet<string>) {
    this.#target = target;
    this.#kept = kept;
  }

  /** Outputs of a pipeline whose keys tell what was read: those that write JSON lines to COS. */
  static outputsOf({ outputs }: Target): { bucket: string; region: string; prefix: string }[] {
    return Object.values(outputs).flatMap(({ type, bucket, region, prefix, format }) => {
      const isLines = type === "cos" && format === undefined;
      return isLines ? [{ bucket: String(bucket), region: String(region), prefix: String(prefix) }] : [];
    });
  }

  /** Lists what is there. Throws `ServiceError`. */
  static async read(client: CosClient, target: Target, places: readonly Place[]): Promise<Traces> {
    const kept = new Set<string>();
    const { quarantine } = target;
    for (const { bucket, prefix } of places) {
      const path = `${bucket}/${prefix}`;
      for (const output of Traces.outputsOf(target)) {
        // A part of an object is below its key; all of them are one trace.
        for await (const key of listKeys(client, { ...output, prefix: output.prefix + path })) {
          kept.add(traceOf(output.bucket, key.slice(0, key.lastIndexOf("/"))));
        }
      }
      for (const folder of ["", "started/", "receipts/"]) {
        const notes = { ...quarantine, prefix: quarantine.prefix + folder + path };
        for await (const key of listKeys(client, notes)) kept.add(traceOf(quarantine.bucket, key));
      }
    }
    return new Traces(target, kept);
  }

  /** Whether an object of a place left one. */
  of({ bucket }: Place): (object: ListedObject) => boolean {
    const { quarantine } = this.#target;
    const outputs = Traces.outputsOf(this.#target);
    return ({ key }) => {
      const path = `${bucket}/${key}`;
      const parts = outputs.map((output) => [output.bucket, keyOf(output.prefix, path, PART).slice(0, -PART.length)]);
      const notes = [
        keyOf(quarantine.prefix, path, ".json"),
        keyOf(`${quarantine.prefix}started/`, path, ".json"),
        receiptKey(quarantine.prefix, path),
      ].map((note) => [quarantine.bucket, note]);
      return [...parts, ...notes].some(([where, trace]) => this.#kept.has(traceOf(where, trace)));
    };
  }
}

function traceOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
