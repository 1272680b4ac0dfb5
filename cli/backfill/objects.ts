import { cosUrl, type CosClient } from "../../functions/tencent/cos-client";
import { type ListedObject, listObjects } from "../../functions/tencent/cos-list";
import { objectEvent } from "../replay/event";
import type { Input } from "./runner";
import type { Place } from "./target";
import type { Traces } from "./traces";

/** Which objects are to be read. Times in milliseconds since the epoch. */
export interface ObjectSelection {
  readonly places: readonly Place[];
  /** The first moment of writing that counts. */
  readonly from: number;
  /** The first one that does not. */
  readonly to: number;
}

/** Where an object stands: its place by number, and its key. */
type Position = readonly [place: number, key: string];

/** Objects that were chosen, and what they are together. */
export interface Found {
  readonly place: Place;
  readonly object: ListedObject;
  readonly position: Position;
}

/**
 * The objects of a selection, in COS's order, place by place.
 *
 * @param traces of what was read already; what has one is left out
 * @param after where an earlier list has come to
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
      // Folder placeholders, which the console makes, hold nothing.
      if (!object.key.endsWith(place.suffix) || object.key.endsWith("/")) continue;
      // One of which nobody knows the time is rather read than left out.
      if (object.lastModified < from || object.lastModified >= to) continue;
      if (untraced && (await untraced(object))) continue;
      yield { place, object, position: [number, object.key] };
    }
  }
}

/** An object as an input. @param run of the backfill, which the function puts into its receipt */
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

/** The input that a journal has open. */
export function reopened(places: readonly Place[], position: unknown, run: string): Input {
  const [number, key] = position as Position;
  // The object is read as it is by now: its ETag and size are not told.
  return inputOf({ place: places[number], object: { key, size: 0, lastModified: NaN }, position: [number, key] }, run);
}
