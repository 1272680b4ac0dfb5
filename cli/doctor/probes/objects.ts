import { listKeys } from "../../../functions/tencent/cos-list";
import { makeBucket } from "./make";
import type { Probe } from "./probe";

const ROUNDS = 10;
const RACERS = 16;

/** Required for monitors' claims: see docs/design/monitor-state.md. */
export const CLAIM_RACE: Probe = {
  id: "claim-race",
  question: "Of several PUTs of one key at once with x-cos-forbid-overwrite, does one alone make the object?",
  stated: "one makes it, the others get 409 FileAlreadyExists",
  fact: "docs/design/facts/runtime.md#claims-by-objects",
  makes: `a bucket, ${ROUNDS} objects by ${ROUNDS * RACERS} requests`,
  cents: 0.1,
  seconds: 20,
  async run(account) {
    const { cos, region, signal } = account;
    const bucket = await makeBucket(account);
    const winners: number[] = [];
    let wrong = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const object = { bucket, region, key: `claims/${round}` };
      const racers = Array.from({ length: RACERS }, (_, racer) => Buffer.from(String(racer)));
      const outcomes = await Promise.all(racers.map((body) => cos.create(object, body, "text/plain", signal)));
      const won = outcomes.flatMap((outcome, racer) => (outcome === "exists" ? [] : [racer]));
      winners.push(won.length);
      const text = await textOf((await cos.get(object, { signal })).body);
      if (text !== String(won[0])) wrong++;
    }
    const single = winners.filter((count) => count === 1).length;
    const others = single === ROUNDS ? "" : `; winners by round: ${winners.join(", ")}`;
    return `one of ${RACERS} made the object in ${single} of ${ROUNDS} rounds${others}; the object is its winner's in ${ROUNDS - wrong}`;
  },
};

const OBJECTS = 20;

export const LIST_LAG: Probe = {
  id: "list-lag",
  question: "Does a list show at once what was written, and a GET what was written last?",
  stated: "a list may miss it; a GET does, which nobody says",
  fact: "docs/design/facts/runtime.md#claims-by-objects",
  makes: `a bucket, ${OBJECTS} objects`,
  cents: 0.1,
  seconds: 20,
  async run(account) {
    const { cos, region, signal } = account;
    const bucket = await makeBucket(account);
    let [listed, current] = [0, 0];
    for (let n = 0; n < OBJECTS; n++) {
      const object = { bucket, region, key: `objects/${n}` };
      await cos.put(object, Buffer.from("first"), "text/plain", signal);
      for await (const key of listKeys(cos, { bucket, region, prefix: object.key, signal }))
        if (key === object.key) listed++;
      await cos.put(object, Buffer.from("second"), "text/plain", signal);
      if ((await textOf((await cos.get(object, { signal })).body)) === "second") current++;
    }
    return `listed at once: ${listed} of ${OBJECTS}; read as written last: ${current} of ${OBJECTS}`;
  },
};

export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
