import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../../cli/monitor/send-test"; // Loaded here, so that no test waits for it.
import { run } from "../../cli/run";
import type { AlertMessage } from "../../monitor";
import { TestServer } from "../functions/support/http-server";

const before = { ...process.env };
let folder: string;
let chat: TestServer;
let mail: TestServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "send-test-"));
  [chat, mail] = [await TestServer.start(), await TestServer.start()];
  chat.answer = () => ({ body: '{"errcode":0}' });
  process.env.CHAT_URL = `${chat.url}/send?key=token-chat-0007`;
  process.env.MAIL_URL = `${mail.url}/token-mail-0007`;
});
afterEach(async () => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
  await chat.stop();
  await mail.stop();
});

const DEFINITION = `
monitors: [{ name: Errors, match: { text: panic }, alert: { to: [chat, mail] } }]
sources: { gz: { region: ap-guangzhou, topic: t } }
receivers: { chat: { format: wecom, url: { env: CHAT_URL } }, mail: { url: { env: MAIL_URL } } }
state: memory
`;

async function sendTest(flags: readonly string[] = [], text = DEFINITION) {
  const path = join(folder, "m.yaml");
  writeFileSync(path, text);
  const written = { stdout: "", stderr: "" };
  const status = await run(["monitor", "send-test", path, ...flags], {
    stdout: { write: (part) => (written.stdout += part) },
    stderr: { write: (part) => (written.stderr += part) },
  });
  return { ...written, stdout: written.stdout.replace(/\b\d+(?=  (accepted|failed))/g, "9"), status };
}

describe("tencent-logs monitor send-test", () => {
  it("sends a message that says to be a test to each receiver, and tells who took it", async () => {
    const { stdout, stderr, status } = await sendTest();
    expect(stdout.split("\n").map((line) => line.split(/ +/).join(" "))).toEqual([
      "RECEIVER FORMAT MS ANSWER",
      "chat wecom 9 accepted",
      "mail json 9 accepted",
      "",
    ]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(chat.requests[0].body.toString()).toContain("a test: somebody tries the receivers, and nothing is wrong");
    const { alerts } = JSON.parse(mail.requests[0].body.toString()) as AlertMessage;
    expect(alerts).toMatchObject([{ kind: "test", monitor: "send-test", severity: "info" }]);
  });

  it("says why a receiver did not take it, without its address, and exits with 1", async () => {
    chat.answer = () => ({ body: '{"errcode":93000,"errmsg":"invalid webhook url token-chat-0007"}' });
    mail.answer = () => undefined;
    const { stdout, status } = await sendTest(["--json"]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    const ms = expect.any(Number) as number;
    expect(lines).toEqual([
      {
        receiver: "chat",
        format: "wecom",
        ms,
        outcome: "failed",
        code: "93000",
        message: "POST to CHAT_URL failed with code 93000: invalid webhook url ***",
      },
      {
        receiver: "mail",
        format: "json",
        ms,
        outcome: "failed",
        code: "ECONNRESET",
        message: "POST to MAIL_URL got no answer: ECONNRESET",
      },
    ]);
    expect(status).toBe(1);
    expect([chat.requests.length, mail.requests.length]).toEqual([1, 1]);
  });

  it("sends only to the receivers that are named", async () => {
    expect((await sendTest(["--to", "mail"])).status).toBe(0);
    expect([chat.requests.length, mail.requests.length]).toEqual([0, 1]);
  });

  it.each([
    [
      "a receiver that there is not",
      ["--to", "mial"],
      DEFINITION,
      2,
      '--to must be a receiver of the definition, got "mial"; did you mean mail?',
    ],
    [
      "a variable that is not set",
      [],
      DEFINITION.replace("MAIL_URL", "GONE_URL"),
      1,
      "GONE_URL must be set, got nothing",
    ],
    ["a definition that is wrong", [], DEFINITION.replace("format: wecom", "format: wecm"), 1, "m.yaml:4:"],
  ])("tells of %s", async (_, flags, text, expected, message) => {
    const { stdout, stderr, status } = await sendTest(flags, text);
    expect(stdout + stderr).toContain(message);
    expect(status).toBe(expected);
  });
});
