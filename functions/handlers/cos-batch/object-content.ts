import type { ObjectReference } from "../../events/cos-event";
import type { ExpectedContent } from "../../parser/content-kind";
import { decompress } from "../../parser/decompress";
import { loadZstdPart } from "../../parser/zstd-part";
import type { CosBatchSettings, PresetContentSettings } from "../../settings";
import { cosUrl } from "../../tencent/cos-client";
import { ObjectReplacedError } from "../../tencent/cos-error";
import { CosReader, type CosReaderOptions } from "../../tencent/cos-reader";

/** The unpacked content of a stored object, which can be opened several times, with counts of the requests and bytes. */
export class ObjectContent {
  readonly #object: ObjectReference;
  readonly #settings: Pick<CosBatchSettings, "compressions" | "content" | "maxUnpackRatio">;
  readonly #options: CosReaderOptions;
  readonly #readers: CosReader[] = [];
  /** The reader of the last opening. */
  #reader: CosReader | undefined;
  /** Number of padding bytes after its gzip. */
  paddingBytes = 0;

  constructor(object: ObjectReference, settings: CosBatchSettings, options: CosReaderOptions) {
    this.#object = object;
    this.#settings = settings;
    this.#options = options;
  }

  /**
   * Opens the content.
   *
   * @param from offset of the first byte that is wanted
   * @param eTag required ETag of the object; another one is an `ObjectReplacedError` @default any
   */
  open(from = 0, eTag?: string): AsyncIterable<Uint8Array> {
    const content = this.#open();
    return from === 0 && eTag === undefined ? content : behind(content, from, () => this.#requireSame(eTag));
  }

  #open(): AsyncIterable<Uint8Array> {
    const { compressions, content, maxUnpackRatio } = this.#settings;
    const reader = (this.#reader = this.#read());
    return decompress(reader, {
      expectGzip: this.#object.key.endsWith(".gz"),
      expect: expectedOf(content),
      encoding: content?.encoding,
      maxUnpackRatio,
      ...(compressions?.includes("zstd") && { zstd: loadZstdPart }),
      again: () => whileSame(this.#read(), reader.eTag),
      onPadding: (bytes) => (this.paddingBytes = bytes),
    });
  }

  /** Bytes of the stored object that were read since it was last opened. */
  get bytes(): number {
    return this.#reader?.bytes ?? 0;
  }

  /** ETag of what was read, if COS answered. */
  get eTag(): string | undefined {
    return this.#reader?.eTag;
  }

  get requests(): number {
    return this.#readers.reduce((sum, { requests }) => sum + requests, 0);
  }

  /** Number of requests that were retried. */
  get retries(): number {
    return this.#readers.reduce((sum, { retries }) => sum + retries, 0);
  }

  #requireSame(eTag: string | undefined): void {
    if (eTag === undefined || this.eTag === eTag) return;
    const message = `${cosUrl(this.#object)} must be the object of ETag ${eTag}, got ${this.eTag ?? "none"}`;
    throw new ObjectReplacedError("PreconditionFailed", message, 200);
  }

  #read(): CosReader {
    const { eTag, size } = this.#object;
    const reader = new CosReader(this.#object, { ...this.#options, known: { eTag, size } });
    this.#readers.push(reader);
    return reader;
  }
}

function expectedOf(content: CosBatchSettings["content"] = { type: "json" }): ExpectedContent {
  if (content.type === "preset") return expectedOfPreset(content.layout);
  const { type } = content;
  return type === "json" || type === "csv" || type === "json-values" ? type : "text";
}

function expectedOfPreset(layout: PresetContentSettings["layout"]): ExpectedContent {
  if (layout.type === "json") return layout.as === "values" ? "json-values" : "json";
  if (layout.type === "container") return "json";
  return layout.type === "columns" && layout.columns === true ? "csv" : "text";
}

/** The content after an offset. @param check called before a byte is used */
async function* behind(
  content: AsyncIterable<Uint8Array>,
  from: number,
  check: () => void,
): AsyncGenerator<Uint8Array> {
  let skip = from;
  for await (const chunk of content) {
    check();
    if (chunk.length > skip) yield chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

/** The bytes of an object at a second reading, as long as it is still the same object. */
async function* whileSame(reader: CosReader, eTag: string | undefined): AsyncGenerator<Uint8Array> {
  for await (const chunk of reader) {
    if (reader.eTag !== eTag) return;
    yield chunk;
  }
}
