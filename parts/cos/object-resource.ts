import { gunzipSync } from "node:zlib";
import { decode } from "../../rules/python/codecs";
import type { Resource, Run } from "../../rules/run/implementation";
import { fail, type Value } from "../../rules/run/values";
import type { ObjectOptions } from "./options";
import { readVersion } from "./source";

/** Number of retries of a failed read. */
const RETRIES = 3;
/** Maximum unpacked bytes of a compressed object. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

/** An object that rules read, cached while the function's instance lives. */
export class ObjectResource implements Resource {
  readonly #options: (run: Run) => ObjectOptions;
  #content: { readonly value: Value } | undefined;
  #eTag: string | undefined;
  /** When the object was last checked, in milliseconds since 1970. */
  #checkedAt = 0;

  /** @param options returns the options; called when the object is read */
  constructor(options: (run: Run) => ObjectOptions) {
    this.#options = options;
  }

  /** The object's content. Fails before the first {@link refresh}. */
  get value(): Value {
    return this.#content ? this.#content.value : fail("res_oss_file must be loaded before the first event");
  }

  /**
   * Reads the object at the first call, and later if the interval has passed and it has changed. If a later read fails, the
   * known content stays, and the error is written to standard error.
   */
  async refresh(run: Run): Promise<boolean> {
    const options = this.#options(run);
    const { intervalMs } = options;
    if (this.#content && (intervalMs === 0 || run.now() - this.#checkedAt < intervalMs)) return false;
    this.#checkedAt = run.now();
    try {
      return await this.#read(options, run);
    } catch (error) {
      if (!this.#content) throw error;
      console.error(`res_oss_file goes on with what it has read before: ${(error as Error).message}`);
      return false;
    }
  }

  async #read(options: ObjectOptions, run: Run): Promise<boolean> {
    const { baseDelayMs, maxDelayMs } = options;
    const version = await readVersion(options, { retries: RETRIES, baseDelayMs, maxDelayMs }, run, this.#eTag);
    if (!version) return false;
    this.#content = { value: contentOf(version.bytes, options) };
    this.#eTag = version.eTag;
    return true;
  }
}

function contentOf(bytes: Uint8Array, { isText, isGzip, encoding, errors, bucket, key }: ObjectOptions): Value {
  const content = isGzip ? gunzip(bytes, `${bucket}/${key}`) : bytes;
  // A byte order mark would become part of the first column's name.
  return isText ? decode(content, encoding, errors).replace(/^\ufeff/, "") : content;
}

function gunzip(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    return fail(`res_oss_file must find gzip in ${name} where decompress is gzip: ${(error as Error).message}`);
  }
}
