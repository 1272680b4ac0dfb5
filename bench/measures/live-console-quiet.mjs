import { writer } from "../lib/live.mjs";

/** `console.log` with the reporter while nobody watches: the rate compared with that without it. */
export default {
  name: "console.log hooked, nobody watching",
  ours: writer("node", "quiet"),
  rivals: [{ name: "unhooked", open: writer("node", "alone"), atLeast: 0.9 }],
};
