import { notUnderstood, NOT_ACKNOWLEDGED } from "./acknowledgement";
import { type CosAddress, type CosClient, cosUrl } from "./cos-client";
import { xmlElement } from "./cos-error";
import { DEFAULT_RETRY, type RetryPolicy, withRetries } from "./retry";
import { ServiceError } from "./service-error";

/** Which objects are listed. */
export interface ListOptions extends Pick<CosAddress, "bucket" | "region"> {
  /** Prefix of the keys. */
  readonly prefix: string;
  readonly retry?: RetryPolicy;
  readonly signal?: AbortSignal;
}

/** An object as listed. */
export interface ListedObject {
  readonly key: string;
  /** With its quotes; undefined if the list does not contain it. */
  readonly eTag?: string;
  readonly size: number;
  /** When it was written, in milliseconds since the epoch; NaN if the list does not contain it. */
  readonly lastModified: number;
}

/**
 * The keys of a bucket below a prefix, in COS's order, from all pages (GET Bucket,
 * https://cloud.tencent.com/document/product/436/7734). Throws `ServiceError`.
 */
export async function* listKeys(client: CosClient, options: ListOptions): AsyncGenerator<string> {
  for await (const { key } of listObjects(client, options)) yield key;
}

/** The objects of a bucket below a prefix, like {@link listKeys}. @param after a key: objects up to it are left out */
export async function* listObjects(client: CosClient, options: ListOptions, after = ""): AsyncGenerator<ListedObject> {
  for await (const page of listPages(client, options, after)) yield* page;
}

/** The same, one page at a time: up to 1,000 objects. */
export async function* listPages(
  client: CosClient,
  options: ListOptions,
  after = "",
): AsyncGenerator<readonly ListedObject[]> {
  const { bucket, region, prefix, retry = DEFAULT_RETRY, signal } = options;
  for (let marker: string | undefined = after; marker !== undefined;) {
    const query: Record<string, string> = { prefix, marker, "encoding-type": "url", "max-keys": "1000" };
    const xml = await withRetries(() => readPage(client, { bucket, region }, query, signal), retry, signal);
    const objects = [...xml.matchAll(/<Contents>.*?<\/Contents>/gs)].flatMap(([entry]) => objectOf(entry));
    yield objects;
    const next: string | undefined = decoded(xml, "NextMarker") ?? objects.at(-1)?.key;
    marker = xmlElement(xml, "IsTruncated") === "true" ? next : undefined;
  }
}

/** COS's order of keys, by their bytes. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function objectOf(entry: string): ListedObject[] {
  const key = decoded(entry, "Key");
  if (key === undefined) return [];
  return [
    {
      key,
      eTag: xmlElement(entry, "ETag"),
      size: Number(xmlElement(entry, "Size") ?? 0),
      lastModified: Date.parse(xmlElement(entry, "LastModified") ?? ""),
    },
  ];
}

/** An answer that is not a complete list would be mistaken for an empty bucket. */
async function readPage(
  client: CosClient,
  bucket: Pick<CosAddress, "bucket" | "region">,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const xml = await client.getBucket(bucket, query, signal);
  const isList = /<ListBucketResult[\s>]/.test(xml) && /<\/ListBucketResult>\s*$/.test(xml);
  if (isList && xmlElement(xml, "IsTruncated") !== undefined) return xml;
  throw new ServiceError(
    NOT_ACKNOWLEDGED,
    `GET ${cosUrl({ ...bucket, key: "" })} must answer with a list of objects, got ${notUnderstood(xml).got}`,
  );
}

function decoded(xml: string, name: string): string | undefined {
  const text = xmlElement(xml, name);
  return text === undefined ? undefined : decodeURIComponent(text);
}
