import type { SimulatedClock } from "../clock";
import type { Acl } from "./bucket-settings";
import type { Body, Storage, StoredBody } from "./storage";
import { Uploads } from "./uploads";

/** An object in a bucket. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** MD5 in double quotes, as COS sends it; a different text for a multipart object. */
  readonly etag: string;
  /** When it was stored, in milliseconds since 1970 on the simulated clock. */
  readonly lastModified: number;
  /** Headers that were stored with it: `content-type`, `x-cos-meta-*`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: StoredBody;
}

/** How an object was created. */
type Making = "Put" | "Copy" | "CompleteMultipartUpload";

/** An event of an object, for SCF's triggers. */
export interface ObjectEvent {
  readonly name: `cos:ObjectCreated:${Making}` | "cos:ObjectRemove:Delete";
  readonly bucket: Bucket;
  readonly object: StoredObject;
  readonly requestId: string;
  readonly sourceIp: string;
  /** The uploader's signature, which is part of the event, as in the cloud. */
  readonly authorization: string;
}

/** Who changes an object, and by which request. */
export interface Change {
  readonly requestId: string;
  readonly sourceIp: string;
  readonly authorization: string;
}

/** What a bucket needs from its service. */
export interface BucketHost {
  readonly storage: Storage;
  readonly clock: SimulatedClock;
  /** A change by the account's owner, for calls without a request. */
  ownerChange(method: "put" | "delete", bucket: Bucket, key: string): Change;
  emit(event: ObjectEvent): void;
}

/** A bucket and its objects. */
export class Bucket {
  /** Documents of its configuration by name: `lifecycle`, `tagging`. They are stored, and have no effect here. */
  readonly settings = new Map<string, string>();
  /** Multipart uploads in progress. */
  readonly uploads: Uploads;
  /** When it was made, in milliseconds since 1970. */
  readonly created: number;
  private readonly objects = new Map<string, StoredObject>();

  constructor(
    /** Name including the APPID. */
    readonly name: string,
    readonly region: string,
    public acl: Acl,
    private readonly host: BucketHost,
  ) {
    this.created = host.clock.now();
    this.uploads = new Uploads(host.storage, () => host.clock.now());
  }

  /** `name-appid.cos.region.myqcloud.com`. */
  get domain(): string {
    return `${this.name}.cos.${this.region}.myqcloud.com`;
  }

  /** Stores an object, and raises the event for triggers. Without `change`, the owner is the uploader. */
  async put(key: string, body: Body, headers: Record<string, string> = {}, change?: Change): Promise<StoredObject> {
    return this.keep(key, await this.host.storage.store(body), { headers, change });
  }

  /** Stores a copy of another object. */
  async copy(key: string, body: Body, headers: StoredObject["headers"], change: Change): Promise<StoredObject> {
    return this.keep(key, await this.host.storage.store(body), { headers, change, making: "Copy" });
  }

  /** Stores the joined parts of an upload. */
  async putJoined(
    key: string,
    { stored, etag }: { readonly stored: StoredBody; readonly etag: string },
    headers: Readonly<Record<string, string>>,
    change: Change,
  ): Promise<StoredObject> {
    return this.keep(key, stored, { headers, change, etag, making: "CompleteMultipartUpload" });
  }

  /** Stores an object unless the key exists, even if another object was stored during the upload. */
  async putNew(
    key: string,
    body: Body,
    headers: Record<string, string>,
    change: Change,
  ): Promise<StoredObject | undefined> {
    if (this.objects.has(key)) return undefined;
    const stored = await this.host.storage.store(body);
    if (!this.objects.has(key)) return this.keep(key, stored, { headers, change });
    await stored.discard();
    return undefined;
  }

  private async keep(
    key: string,
    stored: StoredBody,
    how: {
      readonly headers: Readonly<Record<string, string>>;
      readonly change: Change | undefined;
      readonly etag?: string;
      readonly making?: Making;
    },
  ): Promise<StoredObject> {
    const { headers, change, etag = `"${stored.md5}"`, making = "Put" } = how;
    const previous = this.objects.get(key);
    const object = {
      key,
      size: stored.size,
      etag,
      lastModified: this.host.clock.now(),
      headers: { "content-type": "application/octet-stream", ...headers },
      body: stored,
    };
    this.objects.set(key, object);
    await previous?.body.discard();
    this.emit(`cos:ObjectCreated:${making}`, object, change ?? this.host.ownerChange("put", this, key));
    return object;
  }

  /** Removes an object; a missing one is not an error. */
  async delete(key: string, change?: Change): Promise<void> {
    const object = this.objects.get(key);
    if (!object) return;
    this.objects.delete(key);
    await object.body.discard();
    this.emit("cos:ObjectRemove:Delete", object, change ?? this.host.ownerChange("delete", this, key));
  }

  /** The object with that key. */
  head(key: string): StoredObject | undefined {
    return this.objects.get(key);
  }

  /** The bytes of an object. Throws if it does not exist. */
  async read(key: string): Promise<Buffer> {
    const object = this.objects.get(key);
    if (!object) throw new Error(`object must exist in ${this.name}, got key "${key}"`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of object.body.open(0, object.size - 1)) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  }

  /** Keys that begin with the prefix, in the order of their UTF-8 bytes, as COS lists them. */
  keys(prefix = ""): string[] {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    return keys.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  }

  private emit(name: ObjectEvent["name"], object: StoredObject, change: Change): void {
    this.host.emit({ name, bucket: this, object, ...change });
  }
}
