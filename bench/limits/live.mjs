import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { hasPython, runLive } from "../lib/live.mjs";

const FILE = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../dist/parts/live.js");
const STARTS = 15;

/** List prices, from live-and-monitor: CLS per million requests, COS per 10,000 (from general knowledge). */
const USD_CLS_MILLION = 0.026;
const CNY_COS_TEN_THOUSAND = 0.01;

/** The cost of an invocation, the bytes on the wire, and the price of watching. */
export default async () => {
  const pays = [];
  for (const language of hasPython ? ["node", "python"] : ["node"]) pays.push(...(await invocation(language)));
  return [...pays, await wireBytes(), ...size(), ...money()];
};

/**
 * The difference to the same invocation without the reporter. The flag is checked within it, as in one of many
 * invocations.
 */
async function invocation(language) {
  const at = async (how, lines, runs) => runLive({ language, how, lines, runs, pauseMs: 300 });
  const times = async (...run) => (await at(...run)).called.map(({ ms }) => ms);
  const alone = await times("alone", 3, 2_000);
  const quiet = await times("quiet", 3, 2_000);
  const watched = await times("watched", 3, 300);
  const cold = [];
  for (let start = 0; start < STARTS; start++) cold.push((await at("quiet", 1, 1)).firstMs);
  const loads = [];
  for (let start = 0; start < STARTS; start++)
    loads.push((await at("quiet", 1, 1)).loadMs - (await at("alone", 1, 1)).loadMs);
  const name = (what) => `an invocation of ${language} pays, ${what}`;
  return [
    { name: name("nobody watching, p99"), value: p99(quiet) - p99(alone), below: 1, unit: "ms", digits: 3 },
    { name: name("watched, median"), value: median(watched) - median(alone), unit: "ms", digits: 2 },
    { name: name("watched, worst"), value: Math.max(...watched) - median(alone), below: 100, unit: "ms" },
    { name: name("on a cold start, p99"), value: p99(cold), below: 105, unit: "ms" },
    { name: name("on a cold start to load, median"), value: median(loads), unit: "ms" },
  ];
}

/** 1,000 lines per second for three seconds. */
async function wireBytes() {
  const ours = await runLive({ language: "node", how: "watched", lines: 3_000, everyMs: 1 });
  const name = "wire bytes of 1,000 lines a second, of one POST a line";
  if (!hasPython) return { name: `${name}: bytes a line`, value: ours.bytes / 3_000, unit: "bytes" };
  const posts = await runLive({ language: "python", how: "post", lines: 300 });
  return { name, value: (100 * (ours.bytes / 3_000)) / (posts.bytes / 300), below: 10, unit: "%" };
}

function size() {
  const file = readFileSync(FILE);
  const zipped = zipSync({ "logs-live.js": file }, { level: 9 }).length;
  return [{ name: "logs-live.js zipped", value: zipped / 1024, below: 15, unit: "KB" }];
}

/**
 * A busy instance checks every five seconds, and uploads five times a second while it is watched; the tail reads at the
 * same rate.
 */
function money() {
  return [1, 10, 100].flatMap((instances) => {
    const looks = instances * 720;
    const cls = instances * 18_000 + 18_000;
    const cos = looks + 180;
    return [
      { name: `requests of an hour's watch, ${instances} busy`, value: cls + cos, unit: "requests", digits: 0 },
      { name: `of CLS for it, ${instances} busy`, value: (cls / 1e6) * USD_CLS_MILLION, unit: "USD", digits: 5 },
      { name: `of COS for it, ${instances} busy`, value: (cos / 1e4) * CNY_COS_TEN_THOUSAND, unit: "CNY", digits: 5 },
      { name: `requests of a day unwatched, ${instances} busy`, value: looks * 24, unit: "requests", digits: 0 },
      {
        name: `of COS for it, ${instances} busy`,
        value: ((looks * 24) / 1e4) * CNY_COS_TEN_THOUSAND,
        unit: "CNY",
        digits: 4,
      },
    ];
  });
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function p99(values) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * 0.99) - 1)];
}
