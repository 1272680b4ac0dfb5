import type { CosAddress, CosClient } from "./cos-client";
import { xmlElement } from "./cos-error";
import { DEFAULT_RETRY, type RetryPolicy, withRetries } from "./retry";

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
    const xml = await withRetries(() => client.getBucket({ bucket, region }, query, signal), retry, signal);
    const keys = [...xml.matchAll(/<Contents>.*?<\/Contents>/gs)].map(([entry]) => decoded(entry, "Key"));
    for (const key of keys) if (key !== undefined) yield key;
    const next = decoded(xml, "NextMarker") ?? keys.at(-1);
    marker = xmlElement(xml, "IsTruncated") === "true" ? next : undefined;
  }
}

function decoded(xml: string, name: string): string | undefined {
  const text = xmlElement(xml, name);
  return text === undefined ? undefined : decodeURIComponent(text);
}
