import { notUnderstood, NOT_ACKNOWLEDGED } from "./acknowledgement";
import { type CosAddress, type CosClient, cosUrl } from "./cos-client";
import { xmlElement } from "./cos-error";
import { DEFAULT_RETRY, type RetryPolicy, withRetries } from "./retry";
import { ServiceError } from "./service-error";

/** Which objects are listed. */
export interface ListOptions extends Pick<CosAddress, "bucket" | "region"> {
  /** What their keys begin with. */
  readonly prefix: string;
  readonly retry?: RetryPolicy;
  readonly signal?: AbortSignal;
}

/**
 * The keys of a bucket below a prefix, in COS's order, as many pages as there are (GET Bucket,
 * https://cloud.tencent.com/document/product/436/7734). Throws `ServiceError`.
 */
export async function* listKeys(client: CosClient, options: ListOptions): AsyncGenerator<string> {
  const { bucket, region, prefix, retry = DEFAULT_RETRY, signal } = options;
  for (let marker: string | undefined = ""; marker !== undefined;) {
    const query: Record<string, string> = { prefix, marker, "encoding-type": "url", "max-keys": "1000" };
    const xml = await withRetries(() => readPage(client, { bucket, region }, query, signal), retry, signal);
    const keys = [...xml.matchAll(/<Contents>.*?<\/Contents>/gs)].map(([entry]) => decoded(entry, "Key"));
    for (const key of keys) if (key !== undefined) yield key;
    const next = decoded(xml, "NextMarker") ?? keys.at(-1);
    marker = xmlElement(xml, "IsTruncated") === "true" ? next : undefined;
  }
}

/** What is no list, or not all of one, would be an empty bucket. */
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
