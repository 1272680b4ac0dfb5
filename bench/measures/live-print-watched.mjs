import { hasPython, writer } from "../lib/live.mjs";

/**
 * `print` with the reporter while somebody watches, through Python's own buffer, which avoids nearly all of the
 * reporter's work.
 */
export default {
  name: "print in Python, watched",
  ours: writer("python", "watched"),
  rivals: [{ name: "unhooked", open: writer("python", "alone"), atLeast: 0.4 }],
  needs: hasPython ? undefined : "python3",
};
