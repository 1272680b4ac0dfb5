import { readWithOurs } from "../lib/ours.mjs";
import { compiled, TopicEvent, SEVEN_LINES } from "../lib/rules-events.mjs";

/** Runs a gzip file through the seven-line rule, as a function does, compared with only parsing it. */
export default {
  name: "parse and rules",
  ours: (path) => {
    const rules = compiled(SEVEN_LINES);
    return () =>
      readWithOurs(path, "json", (batch) => {
        for (const record of batch) rules.run(new TopicEvent(record.fields));
      });
  },
  rivals: [
    {
      name: "parse alone",
      atLeast: 0.6,
      open: (path) => () => readWithOurs(path, "json", (batch) => batch.forEach(({ fields }) => fields)),
    },
  ],
};
