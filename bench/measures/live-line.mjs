import { hasPython, lineCost } from "../lib/live.mjs";

/** Microseconds that a line costs a Node function while it is watched, up to the last upload. */
export default {
  name: "a line while watched, Node, us",
  ours: lineCost("node", "watched", 4_500),
  rivals: [{ name: "a blocking POST a line", open: lineCost("python", "post", 200), atLeast: 100 }],
  needs: hasPython ? undefined : "python3",
};
