import { MemoryStore, readDefinition, Tracker } from "../../dist/monitor/index.js";
import { ClsMember, Source } from "../../dist/functions/consume/index.js";
import { Watching } from "../../dist/cli/monitor/watching.js";
import { Gauges } from "../../dist/cli/operate/gauges.js";
import { pullRival, serve, vendorsPython } from "../lib/pull.mjs";

/** A monitor's loop: pulls a topic's logs with a consumer group, matches and commits them. */
export default {
  name: "watch 100,000 lines through a consumer group",
  ours,
  ...(vendorsPython() === undefined && { needs: "the vendor's client; npm run test:peers -- --quick installs it" }),
  rivals: [{ name: "the vendor's Python client, json + re", atLeast: 10, open: () => pullRival("watch_topic.py") }],
};

async function ours() {
  const { topic, stop } = await serve();
  process.env.CLS_ENDPOINT = topic.endpoint;
  const { file } = readDefinition({
    monitors: [
      {
        name: "Errors",
        match: { all: [{ level: "^error$" }, { text: "customer 77\\d\\d " }] },
        alert: { to: "oncall" },
      },
    ],
    sources: { bench: { region: topic.region, topic: topic.topicId, logset: topic.logsetId, form: "pull" } },
    receivers: { oncall: { format: "json", url: { env: "ONCALL" } } },
    state: "memory",
  });
  const store = new MemoryStore();
  const sender = { send: async () => [{ receiver: "oncall", outcome: "taken", ms: 0, attempts: 1 }] };
  const tracker = new Tracker({ file, store, sender, instance: "bench" });
  const gauges = new Gauges();
  const watching = new Watching({ file, tracker, sender, store, gauges, say: console.error });
  return async () => {
    const ending = new AbortController();
    let lines = 0;
    const source = new Source({
      signal: ending.signal,
      open: () =>
        new ClsMember({
          topics: [{ name: "bench", topicId: topic.topicId, region: topic.region }],
          region: topic.region,
          logsetId: topic.logsetId,
          group: "bench",
          consumer: "one",
          credentials: () => topic,
          start: "begin",
          tell: () => undefined,
        }),
      handle: (batch) => watching.take(batch),
      tell: (event) => {
        if (event.kind !== "handled") return;
        lines += event.batch.records.length;
        if (lines === topic.lines) ending.abort(new Error("all is watched"));
      },
    });
    await source.run();
    stop();
    return `${lines} lines, ${gauges.numbers().counts['matches_total{monitor="Errors"}']} matches`;
  };
}
