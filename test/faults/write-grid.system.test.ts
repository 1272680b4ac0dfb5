import { closeClouds, deploy } from "../local/support/cloud";
import { seeded } from "./support/random";
import { runGrids, type Source, WriteTally } from "./support/write-grid";
import { WRITE_FAULTS, type WriteKind } from "./support/write-faults";

jest.setTimeout(120_000);
afterEach(closeClouds);

const SEED = Number(process.env.LOGS_SEED ?? 12);
const SOURCES: readonly Source[] = ["batch", "stream"];
const KINDS: readonly WriteKind[] = ["cos", "parquet", "cls", "json", "ckafka", "elasticsearch", "otlp-protobuf"];

it("every record arrives whatever happens to what it is written to, in COS and in Elasticsearch once", async () => {
  const random = seeded(SEED);
  const tally = new WriteTally();
  const startedAt = Date.now();
  const grids = SOURCES.flatMap((source) => KINDS.map((kind) => [source, kind] as const));
  let grid = 0;
  // Each fault at each kind, for an object or an event, once or for as long as the function has: which, the seed says.
  const cases = () => {
    const half = grid++ % 2;
    return WRITE_FAULTS.filter((_, at) => at % 2 === half).map((fault) => ({
      fault,
      times: random() < 0.5 ? 1 : Infinity,
      records: 20 + Math.floor(random() * 20),
    }));
  };
  await runGrids(await deploy(), grids, cases, tally);
  expect(tally.cases).toBe(KINDS.length * WRITE_FAULTS.length);
  console.info(
    `write grid: ${tally}, ${((Date.now() - startedAt) / 1000).toFixed(0)} s (npm run soak tries more; LOGS_SEED=${SEED})`,
  );
});
