import { inputHash, keyOf } from "../../functions/outputs/key";
import { receiptKey } from "../../functions/quarantine/receipts";
import type { CosClient } from "../../functions/tencent/cos-client";
import { type ListedObject, listKeys } from "../../functions/tencent/cos-list";
import type { Place, Target } from "./target";

/** Name of the first part of an object's records. */
const PART = "/00000-000.jsonl.gz";

/** End of a Parquet file's name: the hash of its input, and numbers. */
const FILE = /([0-9a-f]{24})-(?:lines-)?\d{5}-\d{3}\.parquet$/;

/** The key format of an output that writes to COS. */
interface Output {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  /** Whether it writes JSON lines instead of Parquet. */
  readonly isLines: boolean;
}

/**
 * What a pipeline left behind for the objects that it read: output parts, notes and marks, receipts. Everything is
 * listed once, and kept in memory: some 200 bytes per object.
 */
export class Traces {
  readonly #target: Target;
  readonly #kept: ReadonlySet<string>;

  private constructor(target: Target, kept: ReadonlySet<string>) {
    this.#target = target;
    this.#kept = kept;
  }

  /** Outputs of a pipeline whose keys show what was read: those that write to COS. */
  static outputsOf({ outputs }: Target): Output[] {
    return Object.values(outputs).flatMap(({ type, bucket, region, prefix, format }) =>
      type === "cos"
        ? [{ bucket: String(bucket), region: String(region), prefix: String(prefix), isLines: format === undefined }]
        : [],
    );
  }

  /** Lists the existing ones. Throws `ServiceError`. */
  static async read(client: CosClient, target: Target, places: readonly Place[]): Promise<Traces> {
    const kept = new Set<string>();
    const { quarantine } = target;
    const outputs = Traces.outputsOf(target);
    // Parquet files are stored by their records' times, independently of the object's key.
    for (const output of outputs.filter(({ isLines }) => !isLines)) {
      for await (const key of listKeys(client, output)) {
        const hash = FILE.exec(key)?.[1];
        if (hash !== undefined) kept.add(traceOf(output.bucket, output.prefix + hash));
      }
    }
    for (const { bucket, prefix } of places) {
      const path = `${bucket}/${prefix}`;
      for (const output of outputs.filter(({ isLines }) => isLines)) {
        // The parts of an object are below its key; all of them are one trace.
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

  /** Whether an object of a place has a trace. */
  of({ bucket }: Place): (object: ListedObject) => boolean {
    const { quarantine } = this.#target;
    const outputs = Traces.outputsOf(this.#target);
    return ({ key }) => {
      const path = `${bucket}/${key}`;
      const parts = outputs.map(({ bucket: where, prefix, isLines }) => [
        where,
        isLines ? keyOf(prefix, path, PART).slice(0, -PART.length) : prefix + inputHash(path),
      ]);
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
