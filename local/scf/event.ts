import type { ObjectEvent } from "../cos/bucket";

const SHORT_REGIONS: Readonly<Record<string, string>> = {
  "ap-guangzhou": "gz",
  "ap-shanghai": "sh",
  "ap-beijing": "bj",
  "ap-nanjing": "nj",
  "ap-chengdu": "cd",
  "ap-chongqing": "cq",
  "ap-hongkong": "hk",
  "ap-singapore": "sg",
  "ap-tokyo": "jp",
  "ap-seoul": "kr",
  "ap-bangkok": "th",
  "ap-mumbai": "in",
  "eu-frankfurt": "de",
  "na-siliconvalley": "usw",
  "na-ashburn": "use",
  "na-toronto": "ca",
};

/** Tencent's short code of a region, in `cosBucket.region` of events. */
function shortRegion(region: string): string {
  return SHORT_REGIONS[region] ?? region;
}

/**
 * The event of a COS trigger, in the form of captured ones: the unencoded key after APPID and bucket, the
 * percent-encoded URL, the uploader's signature among the headers. Fact:
 * docs/design/facts/runtime.md#cos-trigger-event.
 */
export function cosEvent(
  event: ObjectEvent,
  target: { functionName: string; namespace: string; qualifier: string },
): unknown {
  const { bucket, object } = event;
  const dash = bucket.name.lastIndexOf("-");
  const name = bucket.name.slice(0, dash);
  const appId = bucket.name.slice(dash + 1);
  const { functionName, namespace, qualifier } = target;
  const record = {
    cos: {
      cosSchemaVersion: "1.0",
      cosNotificationId: "unkown",
      cosBucket: {
        appid: appId,
        name,
        region: shortRegion(bucket.region),
        cosRegion: bucket.region,
        s3Region: bucket.region,
      },
      cosObject: {
        key: `/${appId}/${name}/${object.key}`,
        url: `http://${bucket.domain}/${encodeKey(object.key)}`,
        size: object.size,
        vid: "",
        meta: {
          "Content-Type": object.headers["content-type"] ?? "",
          ETag: object.etag,
          "x-cos-request-id": event.requestId,
          "x-cos-storage-class": "Standard",
        },
      },
    },
    event: {
      eventName: event.name,
      eventVersion: "1.0",
      eventSource: "qcs::cos",
      eventTime: Math.floor(object.lastModified / 1000),
      eventQueue: `qcs:0:scf:${bucket.region}:appid/${appId}:${namespace}.${functionName}.${qualifier}`,
      reqid: 0,
      reservedInfo: "",
      requestParameters: {
        requestSourceIP: event.sourceIp,
        requestHeaders: { Authorization: event.authorization },
      },
    },
  };
  return { Records: [record] };
}

/** Percent-encodes everything except RFC 3986's unreserved characters and the slash. */
function encodeKey(key: string): string {
  const encoded = key.split("/").map(encodeURIComponent).join("/");
  return encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
