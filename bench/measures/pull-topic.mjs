import { createWriteStream } from "node:fs";
import { TopicReader } from "../../dist/functions/tencent/topic-reader/index.js";
import { pullRival, serve, vendorsPython } from "../lib/pull.mjs";

/** Pulls a topic's logs from the local cloud in another process, decodes and prints them. */
export default {
  name: "pull 100,000 lines as NDJSON",
  ours,
  ...(vendorsPython() === undefined && { needs: "the vendor's client; npm run test:peers -- --quick installs it" }),
  rivals: [
    { name: "the vendor's Python client", atLeast: 10, open: async () => withUnit(await pullRival("pull_topic.py")) },
  ],
};

async function ours() {
  const { topic, stop } = await serve();
  process.env.CLS_ENDPOINT = topic.endpoint;
  const reader = new TopicReader({ ...topic, credentials: () => topic });
  const sink = createWriteStream("/dev/null");
  return async () => {
    let lines = 0;
    for await (const event of reader.read({ from: "begin", follow: false })) {
      if (event.kind !== "logs") continue;
      let text = "";
      for (const { time, contents } of event.logs) text += `{"time":${time},"contents":${JSON.stringify(contents)}}\n`;
      if (text !== "" && !sink.write(text)) await new Promise((resolve) => sink.once("drain", resolve));
      lines += event.logs.length;
    }
    reader.close();
    stop();
    return `${lines} lines`;
  };
}

/** The client prints the number of lines. */
function withUnit(run) {
  return async () => `${await run()} lines`;
}
