import type { QuarantineNote } from "../../functions/quarantine/objects";
import type { RedeliveryEvent } from "../../functions/handlers/redeliver/redeliver";
import { percentEncode } from "../../functions/tencent/signature";
import type { Note } from "../quarantine/note";

/** The event with which the function retries what a note is about. */
export function replayEvent(found: Note): unknown {
  if (found.type === "object") return objectEvent(found.note.object);
  if (found.type === "event") return found.note.event;
  return { redeliver: found.noteKey } satisfies RedeliveryEvent;
}

/**
 * An event that names the object like that of a COS trigger (https://cloud.tencent.com/document/product/583/9707), so
 * that the function reads it like any other. It contains no signature.
 */
export function objectEvent(object: QuarantineNote["object"]): object {
  const { bucket, region, key, versionId, eTag } = object;
  const dash = bucket.lastIndexOf("-");
  const [name, appid] = [bucket.slice(0, dash), bucket.slice(dash + 1)];
  const record = {
    cos: {
      cosSchemaVersion: "1.0",
      cosNotificationId: "replay",
      cosBucket: { appid, name, cosRegion: region, s3Region: region },
      cosObject: {
        key: `/${appid}/${name}/${key}`,
        url: `http://${bucket}.cos.${region}.myqcloud.com/${pathOf(object)}`,
        vid: versionId ?? "",
        meta: eTag === undefined ? {} : { ETag: eTag },
      },
    },
    event: { eventName: "cos:ObjectCreated:Put", eventSource: "tencent-logs replay" },
  };
  return { Records: [record] };
}

/** A plus that can mean a space is written as in the trigger's event, so that both readings are tried again. */
function pathOf({ key, otherKey }: Pick<QuarantineNote["object"], "key" | "otherKey">): string {
  const path = key.split("/").map(percentEncode).join("/");
  if (typeof otherKey !== "string" || otherKey.length !== key.length) return path;
  let plus = -1;
  return path.replaceAll("%2B", (encoded) => {
    plus = key.indexOf("+", plus + 1);
    return otherKey[plus] === " " ? "+" : encoded;
  });
}
