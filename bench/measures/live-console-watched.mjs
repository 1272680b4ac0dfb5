import { writer } from "../lib/live.mjs";

/** `console.log` with the reporter while somebody watches: at this rate, most lines are only counted. */
export default {
  name: "console.log hooked, watched",
  ours: writer("node", "watched"),
  rivals: [{ name: "unhooked", open: writer("node", "alone"), atLeast: 0.67 }],
};
