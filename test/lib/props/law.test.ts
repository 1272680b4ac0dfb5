import { describeLaw } from "./law";

/** Three of the names, others for another prop; `npm run soak` takes all. */
describeLaw((names, path) => {
  const first = [...path].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 9973, 0);
  return [0, 3, 7].map((step) => names[(first + step) % names.length] ?? "");
});
