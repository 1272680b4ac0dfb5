import { openLines } from "../lib/readline.mjs";
import { readWithOurs } from "../lib/ours.mjs";

/** What handlers in blog posts do: count the lines that look like records. */
export default {
  name: "count, by shape",
  ours: (path) => () => readWithOurs(path, "shape"),
  rivals: [
    {
      name: "readline + regular expression",
      atLeast: 3,
      open: (path) => async () => {
        let records = 0;
        for await (const line of openLines(path)) if (/^\s*\{.*\}\s*$/.test(line)) records++;
        return `${records} records`;
      },
    },
  ],
};
