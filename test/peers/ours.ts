import { ClsMember, Source } from "../../functions/consume";
import type { LocalCloud } from "../../local/cloud";
import type { Topic } from "../../local/cls/topic";
import type { ConsumedLog } from "./consumer";

/** A member of ours in a group of the vendor's consumers. */
export class OurMember {
  readonly logs: ConsumedLog[] = [];
  said = "";
  /** Partitions that it has now. */
  get partitions(): number[] {
    return (this.#source.state().member?.partitions ?? []).map(({ partition }) => partition);
  }
  readonly #ending = new AbortController();
  readonly #source: Source;
  readonly #ended: Promise<void>;

  constructor(cloud: LocalCloud, topic: Topic, group: string) {
    const { id: topicId, name, region, logsetId } = topic;
    process.env.CLS_ENDPOINT = cloud.endpoint;
    this.#source = new Source({
      signal: this.#ending.signal,
      open: () =>
        new ClsMember({
          topics: [{ name, topicId, region }],
          region,
          logsetId,
          group,
          consumer: "ours",
          credentials: () => cloud.cam.ownerKey,
          start: "begin",
          perSecond: 5,
          tell: (event) => void (this.said += `${JSON.stringify(event)}\n`),
        }),
      handle: ({ records }) => {
        for (const { time, fields } of records) {
          this.logs.push({ time, contents: fields as Readonly<Record<string, string>>, source: "" });
        }
        return Promise.resolve();
      },
      tell: (event) => {
        if (event.kind !== "handled") this.said += `${event.kind}\n`;
      },
    });
    this.#ended = this.#source.run();
  }

  async stop(): Promise<void> {
    this.#ending.abort(new Error("the test ends"));
    await this.#ended;
  }
}
