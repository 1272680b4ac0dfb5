import { describeLaw } from "./law";

const SEED = Number(process.env.LOGS_SEED ?? 17);

/** Two of the names, others for another prop and another seed; `npm run soak` takes all. */
describeLaw((names, path) => {
  const first = [...path].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 9973, SEED);
  return [0, 3].map((step) => names[(first + step) % names.length] ?? "");
});
