/** The uploader's signature in a COS event, which must never be logged. */
export const UPLOADER_SIGNATURE = "q-sign-algorithm=sha1&q-ak=AKIDuploader0004&q-signature=uploadersignature0005";

/** A Record in the current format, as SCF delivers it when an object is written. */
export function cosRecord(bucket: string, key: string, vid = ""): object {
  const [, name, appid] = /^(.*)-(\d+)$/.exec(bucket) ?? [];
  const path = key.split("/").map(encodeURIComponent).join("/");
  return {
    cos: {
      cosSchemaVersion: "1.0",
      cosBucket: { appid, name, region: "gz", cosRegion: "ap-guangzhou", s3Region: "ap-guangzhou" },
      cosObject: {
        key: `/${appid}/${name}/${key}`,
        url: `http://${bucket}.cos.ap-guangzhou.myqcloud.com/${path}`,
        size: 10,
        vid,
        meta: { ETag: '"00"', "x-cos-request-id": "id" },
      },
    },
    event: {
      eventName: "cos:ObjectCreated:Put",
      requestParameters: { requestHeaders: { Authorization: UPLOADER_SIGNATURE } },
    },
  };
}

export function cosEvent(...records: object[]): object {
  return { Records: records };
}
