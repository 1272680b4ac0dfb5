import { inputHash, keyOf } from "../../functions/outputs/key";
import { receiptKey } from "../../functions/quarantine/receipts";
import type { CosClient } from "../../functions/tencent/cos-client";
import { type ListedObject, listKeys } from "../../functions/tencent/cos-list";
import type { Place, Target } from "./target";

/** What a first part of an object's records is called. */
const PART = "/00000-000.jsonl.gz";

/** The end of a Parquet file's name: its input's hash, and numbers. */
const FILE = /([0-9a-f]{24})-(?:lines-)?\d{5}-\d{3}\.parquet$/;

/** An output that writes to COS, as far as its keys go. */
interface Output {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  /** Whether it writes JSON lines, not Parquet. */
  readonly isLines: boolean;
}

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

  /** Outputs of a pipeline whose keys tell what was read: those that write to COS. */
  static outputsOf({ outputs }: Target): Output[] {
    return Object.values(outputs).flatMap(({ type, bucket, region, prefix, format }) =>
      type === "cos"
        ? [{ bucket: String(bucket), region: String(region), prefix: String(prefix), isLines: format === undefined }]
        : [],
    );
  }

  /** Lists what is there. Throws `ServiceError`. */
  static async read(client: CosClient, target: Target, places: readonly Place[]): Promise<Traces> {
    const kept = new Set<string>();
    const { quarantine } = target;
    const outputs = Traces.outputsOf(target);
    // Files of Parquet lie by their records' times, wherever an object is.
    for (const output of outputs.filter(({ isLines }) => !isLines)) {
      for await (const key of listKeys(client, output)) {
        const hash = FILE.exec(key)?.[1];
        if (hash !== undefined) kept.add(traceOf(output.bucket, output.prefix + hash));
      }
    }
    for (const { bucket, prefix } of places) {
      const path = `${bucket}/${prefix}`;
      for (const output of outputs.filter(({ isLines }) => isLines)) {
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
