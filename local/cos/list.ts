import type { Bucket } from "./bucket";
import { xml, type XmlValue } from "./xml";

/** Parameters of `GET /` of a bucket. */
export interface ListQuery {
  readonly prefix: string;
  readonly marker: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** `encoding-type=url`: keys are percent-encoded. */
  readonly encode: boolean;
}

/** Lists a bucket as COS does: keys after the marker; keys with a common part up to the delimiter are combined. */
export function listObjects(bucket: Bucket, query: ListQuery, owner: string): string {
  const encode = query.encode ? encoded : (text: string) => text;
  const { keys, prefixes, next } = selectKeys(bucket.keys(query.prefix), query);
  return xml("ListBucketResult", {
    Name: bucket.name,
    EncodingType: query.encode ? "url" : undefined,
    Prefix: encode(query.prefix),
    Marker: encode(query.marker),
    MaxKeys: query.maxKeys,
    Delimiter: query.delimiter === "" ? undefined : encode(query.delimiter),
    IsTruncated: next !== undefined,
    NextMarker: next === undefined ? undefined : encode(next),
    Contents: keys.map((key) => contents(bucket, key, encode(key), owner)),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}

/** As in S3, and as coscli shows it: slashes stay. `unverified`, docs/design/facts/runtime.md#lists. */
export function encoded(text: string): string {
  return text.split("/").map(encodeURIComponent).join("/");
}

function selectKeys(all: readonly string[], query: ListQuery): { keys: string[]; prefixes: string[]; next?: string } {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last = "";
  for (const key of all) {
    const rolled = commonPrefix(key, query);
    const entry = rolled ?? key;
    if (!isAfter(entry, query.marker) || prefixes.at(-1) === entry) continue;
    if (keys.length + prefixes.length === query.maxKeys) return { keys, prefixes, next: last };
    (rolled === undefined ? keys : prefixes).push(entry);
    last = entry;
  }
  return { keys, prefixes };
}

function commonPrefix(key: string, query: ListQuery): string | undefined {
  if (query.delimiter === "") return undefined;
  const at = key.indexOf(query.delimiter, query.prefix.length);
  return at < 0 ? undefined : key.slice(0, at + query.delimiter.length);
}

function isAfter(key: string, marker: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(marker)) > 0;
}

function contents(bucket: Bucket, key: string, shownKey: string, owner: string): XmlValue {
  const object = bucket.head(key);
  return {
    Key: shownKey,
    LastModified: new Date(object?.lastModified ?? 0).toISOString(),
    ETag: object?.etag ?? "",
    Size: object?.size ?? 0,
    Owner: { ID: owner, DisplayName: owner },
    StorageClass: "STANDARD",
  };
}
