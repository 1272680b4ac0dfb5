import { cosUrl, type CosClient } from "../../functions/tencent/cos-client";
import { type ListedObject, listObjects } from "../../functions/tencent/cos-list";
import { objectEvent } from "../replay/event";
import type { Input } from "./runner";
import type { Place } from "./target";
import type { Traces } from "./traces";

/** Which objects are to be read. Times are in milliseconds since the epoch. */
export interface ObjectSelection {
  readonly places: readonly Place[];
  /** First time of writing, included. */
  readonly from: number;
  /** Last time, excluded. */
  readonly to: number;
}

/** Position of an object: its place by number, and its key. */
type Position = readonly [place: number, key: string];

/** Selected objects, and their totals. */
export interface Found {
  readonly place: Place;
  readonly object: ListedObject;
  readonly position: Position;
}

/**
 * The objects of a selection, in COS's order, place by place.
 *
 * @param traces of objects that were already read, which are left out
 * @param after position that an earlier listing has reached
 */
export async function* selected(
  client: CosClient,
  { places, from, to }: ObjectSelection,
  traces: Traces | undefined,
  after?: unknown,
): AsyncGenerator<Found> {
  const [first, key] = (after ?? [0, ""]) as Position;
  for (let number = first; number < places.length; number++) {
    const place = places[number];
    const untraced = traces?.of(place);
    for await (const object of listObjects(client, place, number === first ? key : "")) {
      // Folder placeholders, which the console creates, are empty.
      if (!object.key.endsWith(place.suffix) || object.key.endsWith("/")) continue;
      // An object with an unknown time is included, to be safe.
      if (object.lastModified < from || object.lastModified >= to) continue;
      if (untraced && (await untraced(object))) continue;
      yield { place, object, position: [number, object.key] };
    }
  }
}

/** An object as an input. @param run of the backfill, for the function's receipt */
export function inputOf({ place, object, position }: Found, run: string): Input {
  const { bucket, region } = place;
  const { key, eTag } = object;
  return {
    id: `${bucket}/${key}`,
    name: cosUrl({ bucket, key }),
    position,
    event: () => ({ ...objectEvent({ bucket, region, key, eTag }), backfill: run }),
  };
}

/** An open input of a journal. */
export function reopened(places: readonly Place[], position: unknown, run: string): Input {
  const [number, key] = position as Position;
  // The current object is read, so its ETag and size are omitted.
  return inputOf({ place: places[number], object: { key, size: 0, lastModified: NaN }, position: [number, key] }, run);
}
