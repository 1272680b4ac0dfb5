import { seeded } from "../faults/support/random";
import { runGrids, type Source, WriteTally } from "../faults/support/write-grid";
import { WRITE_FAULTS, type WriteKind } from "../faults/support/write-faults";
import { closeClouds, deploy } from "../local/support/cloud";

afterEach(closeClouds);

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const SOURCES: readonly Source[] = ["batch", "stream"];
const KINDS: readonly WriteKind[] = [
  "cos", "parquet", "cls", "json", "wecom", "dingtalk", "feishu", "slack", "ckafka", "elasticsearch", "otlp-protobuf", "otlp-json",
]; // prettier-ignore

it.each(SOURCES)("every fault of every kind of output, once, twice and for ever: %s", async (source) => {
  const random = seeded(SEED);
  const tally = new WriteTally();
  const startedAt = Date.now();
  const cases = () =>
    WRITE_FAULTS.flatMap((fault) =>
      [1, 2, Infinity].flatMap((times) =>
        [1, 100].map((most) => ({ fault, times, records: 1 + Math.floor(random() * most) })),
      ),
    );
  const cloud = await deploy();
  // A few at a time: each is a process of its own.
  for (let at = 0; at < KINDS.length; at += 4) {
    await runGrids(
      cloud,
      KINDS.slice(at, at + 4).map((kind) => [source, kind] as const),
      cases,
      tally,
    );
  }
  console.info(`writes of ${source}: ${tally}, ${((Date.now() - startedAt) / 1000).toFixed(0)} s (LOGS_SEED=${SEED})`);
});
