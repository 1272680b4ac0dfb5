import { withCosServer } from "../functions/support/environment";
import {
  cutCases,
  firstRequestCases,
  INPUTS,
  largeSample,
  PACKED,
  PLAIN,
  randomCase,
  resumeCases,
} from "./support/cases";
import { runCases, Tally } from "./support/oracle";
import { seeded } from "./support/random";

// The part itself; in a zip it stands beside the handler.
jest.mock("../../functions/parser/zstd-part", () => ({
  loadZstdPart: () => jest.requireActual<object>("../../parts/in-zstd"),
}));

jest.setTimeout(120_000);

const server = withCosServer();
const tally = new Tally();
const random = seeded(4);

afterAll(() => console.info(`fault matrix: ${tally} (npm run soak tries more)`));

/** Every nth byte of the content, from a random one; `npm run soak` takes all. */
function bytesOf(content: Buffer, step: number): number[] {
  const first = 1 + Math.floor(random() * step);
  return Array.from({ length: content.length }, (_, index) => first + index * step).filter((k) => k < content.length);
}

/** Both at once: where silence is the fault, most of the time is spent in waiting for it. */
const SAMPLES = [PLAIN, PACKED];

describe("the records of plain lines, and of gzip, come out once, in order", () => {
  it("wherever the connection breaks", async () => {
    const cases = SAMPLES.flatMap((sample) => bytesOf(sample.content, 9).flatMap((k) => cutCases(sample, k)));
    await runCases(server(), cases, tally, 96);
  });

  it("or fail by the rule, whatever comes of the first request", async () => {
    await runCases(server(), SAMPLES.flatMap(firstRequestCases), tally, 96);
  });

  it("or fail by the rule, whatever comes of the resumed request", async () => {
    const cases = SAMPLES.flatMap((sample) => bytesOf(sample.content, 39).flatMap((k) => resumeCases(sample, k)));
    await runCases(server(), cases, tally, 96);
  });
});

it("the records of a larger object come out once, in order, through many interruptions at random bytes", async () => {
  const sample = largeSample(2_000, random);
  const cases = Array.from({ length: 14 }, () => randomCase(sample, random, 1 + Math.floor(random() * 12)));
  await runCases(server(), cases, tally, 8);
});

it.each(Object.entries(INPUTS))(
  "the records of %s come out once, in order, or it fails by the rule",
  async (_, sample) => {
    const cases = [
      ...bytesOf(sample.content, 21).flatMap((k) => cutCases(sample, k)),
      ...firstRequestCases(sample),
      ...bytesOf(sample.content, 197).flatMap((k) => resumeCases(sample, k)),
    ];
    await runCases(server(), cases, tally, 96);
  },
);
