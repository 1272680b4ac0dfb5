import { withCosServer } from "../functions/support/environment";
import {
  cutCases,
  firstRequestCases,
  largeSample,
  PACKED,
  PLAIN,
  randomCase,
  resumeCases,
  type Sample,
} from "../faults/support/cases";
import { type Case, runCases, Tally } from "../faults/support/oracle";
import { seeded } from "../faults/support/random";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const CUTS = 1_000;

const server = withCosServer();
const random = seeded(SEED);
let tally: Tally;
let startedAt: number;

beforeEach(() => {
  tally = new Tally();
  startedAt = Date.now();
});
afterEach(() => {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  console.info(`${expect.getState().currentTestName}: ${tally}, ${seconds} s (LOGS_SEED=${SEED})`);
});

function everyByte({ content }: Sample): number[] {
  return Array.from({ length: content.length - 1 }, (_, index) => index + 1);
}

function randomBytes({ content }: Sample, count: number): number[] {
  return Array.from({ length: count }, () => 1 + Math.floor(random() * (content.length - 1)));
}

/** Runs cases some hundreds at a time, so that the server need not hold all their objects. */
async function runAll(cases: readonly Case[], atOnce: number): Promise<void> {
  for (let index = 0; index < cases.length; index += 500) {
    await runCases(server(), cases.slice(index, index + 500), tally, atOnce);
  }
}

it.each([
  ["plain lines", PLAIN],
  ["gzip", PACKED],
])("every fault at every byte of %s", async (_, sample) => {
  const bytes = everyByte(sample);
  await runAll([...bytes.flatMap((k) => cutCases(sample, k)), ...firstRequestCases(sample)], 64);
  await runAll(
    bytes.flatMap((k) => resumeCases(sample, k)),
    64,
  );
});

it("a thousand random cuts of a large object, each way a connection can break", async () => {
  const sample = largeSample(60_000, random);
  await runAll(
    randomBytes(sample, CUTS).map((k, index) => cutCases(sample, k)[index % 4]),
    4,
  );
});

it("every fault at random bytes of a large object", async () => {
  const sample = largeSample(20_000, random);
  await runAll(
    randomBytes(sample, 30).flatMap((k) => resumeCases(sample, k)),
    8,
  );
});

it("large objects through dozens of interruptions each", async () => {
  const sample = largeSample(60_000, random);
  await runAll(
    Array.from({ length: 60 }, () => randomCase(sample, random, 10 + Math.floor(random() * 40))),
    4,
  );
});
