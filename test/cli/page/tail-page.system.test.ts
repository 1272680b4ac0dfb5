import type { AlertItem } from "../../../cli/page/items";
import type { LocalCloud } from "../../../local/cloud";
import { BUCKET, removeDeployed } from "../../functions/support/deployed";
import { Tail } from "../../live/support/tail";
import { PageClient } from "./support/page-client";
import { deployTailed, leaveNote, tailWithPage } from "./support/tailed";

jest.setTimeout(60_000);

let cloud: LocalCloud;
const ends: (() => unknown)[] = [];

beforeAll(async () => (cloud = await deployTailed()));
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(removeDeployed);

/** The page of a tail. @param role whose key it has; the owner's where there is none */
async function pageOf(names: readonly string[], role?: string): Promise<PageClient> {
  const { args, environment } = tailWithPage(cloud, names, role);
  const tail = new Tail([...args, "--json"], { environment });
  ends.push(() => tail.stop());
  await tail.until("the page's address", ({ stderr }) => stderr.includes("page: "));
  const page = await PageClient.open(/^page: (\S+)/m.exec(tail.stderr)?.[1] ?? "");
  ends.push(() => page.close());
  return page;
}

const noteOf = ({ state: { notes = [] } }: PageClient, name: string) =>
  notes.find(({ about }) => about.endsWith(`cls/${name}.gz`));
const alerts = ({ items }: PageClient) =>
  items.filter((item): item is AlertItem & { number: number } => item.type === "alert");

describe("quarantine", () => {
  it("shows notes of the function that is tailed, and has it try one again", async () => {
    await leaveNote(cloud, "a");
    const page = await pageOf(["batch"]);
    await page.until("the note", (one) => noteOf(one, "a") !== undefined);
    expect(page.state.remarks?.quarantine).toEqual([]);
    expect(page.state.actions?.replay).toBe(true);
    const note = noteOf(page, "a");
    expect(note?.reason).toMatch(/^AccessDenied: /);
    expect(await page.post("/replay", note ?? {})).toMatchObject({ status: 200 });
    await page.until("that it is gone", (one) => noteOf(one, "a") === undefined);
    expect(
      cloud
        .bucket(BUCKET)
        .keys("quarantine/")
        .filter((key) => key.endsWith("a.gz.json")),
    ).toEqual([]);
  });

  it("says which right is missing, to list and to try again", async () => {
    await leaveNote(cloud, "b");
    const readers = await pageOf(["batch"], "readers");
    await readers.until("why there is nothing", ({ state }) =>
      /GetBucket/.test(state.remarks?.quarantine.join() ?? ""),
    );
    expect(readers.state.remarks?.quarantine).toEqual([
      expect.stringMatching(
        /^batch: .*AccessDenied.*; the key's policies must allow cos:GetBucket and cos:GetObject for cos:\/\/lake-1250000000\/quarantine\//,
      ),
    ]);
    const listers = await pageOf(["batch"], "listers");
    await listers.until("the note", (one) => noteOf(one, "b") !== undefined);
    const { status, answer } = await listers.post("/replay", noteOf(listers, "b") ?? {});
    expect(status).toBe(400);
    expect(answer.error).toMatch(/^batch: .*UnauthorizedOperation.*must allow scf:InvokeFunction for function batch$/);
    expect(noteOf(listers, "b")).toBeDefined();
  });

  it("tries nothing again that is no note of the function", async () => {
    const page = await pageOf(["batch"]);
    await page.until("the function", ({ state }) => state.remarks?.quarantine.length === 0);
    const other = { bucket: BUCKET, key: "cls/a.gz" };
    expect(await page.post("/replay", other)).toEqual({
      status: 400,
      answer: { error: `note must be in the quarantine of a pipeline, got cos://${BUCKET}/cls/a.gz` },
    });
  });
});

describe("alerts", () => {
  it("are those that a monitor keeps, with who was told", async () => {
    const page = await pageOf(["*"]);
    await page.until("that there is a monitor", ({ state }) => state.remarks?.alerts.length === 0);
    await cloud.topic("access").put([{ time: cloud.clock.now(), contents: { status: "503", path: "/pay" } }]);
    await page.until("the alert", (one) => alerts(one).length > 0);
    expect(alerts(page)).toEqual([
      expect.objectContaining({ to: "oncall", text: expect.stringContaining("Errors") as string }),
    ]);
    expect(Math.abs(alerts(page)[0].time - Date.now())).toBeLessThan(30_000);
  });

  it("are said to be a monitor's, where none is tailed; topics know no functions", async () => {
    const page = await pageOf(["batch"]);
    const sentence = "batch does not belong to a LogMonitor; tail one to see its alerts";
    await page.until("why there are none", ({ state }) => state.remarks?.alerts[0] === sentence);
    const own = await pageOf(["--topic", cloud.topic("own").id]);
    await own.until("its state", ({ state }) => state.remarks !== undefined);
    const why = "a tail of topics shows no functions; pass the NAME of a function to see its quarantine and alerts";
    expect(own.state).toMatchObject({ remarks: { quarantine: [why], alerts: [why] }, actions: { replay: false } });
  });
});
