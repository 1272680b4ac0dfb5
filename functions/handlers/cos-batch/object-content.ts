import type { ObjectReference } from "../../events/cos-event";
import type { ExpectedContent } from "../../parser/content-kind";
import { decompress } from "../../parser/decompress";
import { loadZstdPart } from "../../parser/zstd-part";
import type { CosBatchSettings, PresetContentSettings } from "../../settings";
import { CosReader, type CosReaderOptions } from "../../tencent/cos-reader";

/** The content of a stored object, unpacked, as often as it is opened; and what that took. */
export class ObjectContent {
  readonly #object: ObjectReference;
  readonly #settings: Pick<CosBatchSettings, "compressions" | "content" | "maxUnpackRatio">;
  readonly #options: CosReaderOptions;
  readonly #readers: CosReader[] = [];
  /** What read it when it was opened last. */
  #reader: CosReader | undefined;
  /** Bytes of padding behind its gzip. */
  paddingBytes = 0;

  constructor(object: ObjectReference, settings: CosBatchSettings, options: CosReaderOptions) {
    this.#object = object;
    this.#settings = settings;
    this.#options = options;
  }

  /** Its content from the start. */
  open(): AsyncIterable<Uint8Array> {
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

  /** Bytes of the stored object that were read since it was opened last. */
  get bytes(): number {
    return this.#reader?.bytes ?? 0;
  }

  /** ETag of what was read, where COS answered. */
  get eTag(): string | undefined {
    return this.#reader?.eTag;
  }

  get requests(): number {
    return this.#readers.reduce((sum, { requests }) => sum + requests, 0);
  }

  /** Requests that were sent again. */
  get retries(): number {
    return this.#readers.reduce((sum, { retries }) => sum + retries, 0);
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

/** The bytes of an object that is read a second time, as long as it is still the one that was read first. */
async function* whileSame(reader: CosReader, eTag: string | undefined): AsyncGenerator<Uint8Array> {
  for await (const chunk of reader) {
    if (reader.eTag !== eTag) return;
    yield chunk;
  }
}
