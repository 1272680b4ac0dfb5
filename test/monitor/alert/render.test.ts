import fc from "fast-check";
import { ALL, type Telling, textOf } from "../../../monitor/alert/lines";
import type { AlertMessage } from "../../../monitor/alert/json";
import { messageOf } from "../../../monitor/alert/render";
import { RECEIVER_FORMATS, type ReceiverFormat } from "../../../monitor/definition/types";
import { hostileAlert } from "./hostile";
import { alertOf, fileOf, NOW } from "./support";

/** Many more run in test/soak/alerts.soak.ts. */
const RUNS = Number(process.env.LOGS_ALERT_RUNS ?? 20);

const context = { file: fileOf(), now: NOW };

/** What a service shows of a body: each text as it is written, and how long it is in the service's own units. */
interface Shown {
  /** Texts in the service's markup. */
  readonly texts: readonly string[];
  /** Addresses that open something. */
  readonly links: readonly string[];
  readonly size: number;
  readonly most: number;
}

interface FeishuElement {
  readonly tag: string;
  readonly text: string;
  readonly href?: string;
}

const SHOWN: Readonly<Record<ReceiverFormat, (body: string) => Shown>> = {
  json(body) {
    const { version, alerts } = JSON.parse(body) as AlertMessage;
    expect(version).toBe(1);
    const links = alerts.flatMap(({ console: link }) => (link === undefined ? [] : [link]));
    return { texts: [], links, size: Buffer.byteLength(body), most: 1024 * 1024 };
  },
  wecom(body) {
    const message = JSON.parse(body) as { msgtype: string; markdown: { content: string } };
    expect(Object.keys(message).sort()).toEqual(["markdown", "msgtype"]);
    const { content } = message.markdown;
    const links = [...content.matchAll(/\]\((https:[^)\s]*)\)/g)].map(([, address]) => address);
    return { texts: [content], links, size: Buffer.byteLength(content), most: 4096 };
  },
  dingtalk(body) {
    const message = JSON.parse(body) as { msgtype: string; text: { content: string }; at: object };
    expect(message.at).toEqual({ isAtAll: false });
    const { content } = message.text;
    return {
      texts: [content],
      links: content.match(/\w+:\/\/\S*/g) ?? [],
      size: Buffer.byteLength(body),
      most: 20_000,
    };
  },
  feishu(body) {
    const message = JSON.parse(body) as { content: { post: { zh_cn: { title: string; content: FeishuElement[][] } } } };
    const { title, content } = message.content.post.zh_cn;
    const elements = content.flat();
    expect(elements.every(({ tag }) => tag === "text" || tag === "a")).toBe(true);
    const links = elements.flatMap(({ href }) => (href === undefined ? [] : [href]));
    const texts = [title, ...elements.filter(({ tag }) => tag === "text").map(({ text }) => text)];
    return { texts, links, size: Buffer.byteLength(body) + 200, most: 20_000 };
  },
  slack(body) {
    const { text, blocks } = JSON.parse(body) as {
      text: string;
      blocks: { text: { type: string; text: string; verbatim: boolean } }[];
    };
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks.every((block) => block.text.verbatim && block.text.type === "mrkdwn")).toBe(true);
    const sections = blocks.map((block) => block.text.text);
    const links = sections.flatMap((section) =>
      [...section.matchAll(/<([^|>]*)\|console>/g)].map(([, address]) => address),
    );
    return { texts: [text, ...sections], links, size: Math.max(...sections.map(({ length }) => length)), most: 3_000 };
  },
};

/** What stands in code, and what does not: only in code may there be text from outside. */
function outsideCode(markup: string): string {
  return markup.replace(/`[^`\n]+`/g, "");
}

function expectHarmless(format: ReceiverFormat, { texts, links }: Shown): void {
  for (const text of texts) {
    expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/);
    expect(text).not.toMatch(/@\s*(all|everyone|channel|here|所有人)/i);
    expect(text).not.toMatch(/<\s*(!|@|#|at\b)/i);
    expect(text).not.toMatch(/\p{Cs}/u);
  }
  for (const link of links)
    expect(link.replace(/&amp;/g, "&")).toMatch(/^https:\/\/console\.tencentcloud\.com\/cls\/search\?/);
  if (format === "dingtalk" || format === "feishu") {
    const rest = texts.join("\n").replace(/^console: https:\S+$/gm, "");
    expect(rest).not.toMatch(/:\/\/|www\.|\bevil\.com\b|mailto:|\w@\w/i);
  }
  if (format === "wecom") {
    expect(texts[0]).not.toContain("<");
    expect(outsideCode(texts[0]).replace(/\[console\]\(https:[^)]*\)/g, "")).toMatch(/^[\w[\] ·+,.:…=\-\n]*$/);
  }
  if (format === "slack") {
    for (const section of texts.slice(1)) {
      expect(section.replace(/&(amp|lt|gt);/g, "").replace(/<https:[^|>]*\|console>/g, "")).not.toMatch(/[<>&]/);
      expect(outsideCode(section).replace(/<[^>]*>/g, "")).toMatch(/^[\w[\] ·+,.:…=\-\n]*$/);
    }
    expect(texts[0]).not.toMatch(/[<>]|&(?!(amp|lt|gt);)|:\/\//);
  }
}

describe.each(RECEIVER_FORMATS)("a message in the format %s", (format) => {
  it("stays within its service's limit, valid and harmless, whatever an alert holds", () => {
    fc.assert(
      fc.property(hostileAlert, fc.boolean(), (alert, isKept) => {
        const telling: Telling = { alert, ...(isKept && { keptAt: NOW - 60_000 }) };
        const { body, taken } = messageOf(format, [telling], context);
        const shown = SHOWN[format](body);
        expect(taken).toBe(1);
        expect(shown.size).toBeLessThanOrEqual(shown.most);
        expectHarmless(format, shown);
      }),
      { numRuns: RUNS },
    );
  });

  it("tells of as many alerts at once as fit, from the first on", () => {
    fc.assert(
      fc.property(fc.array(hostileAlert, { minLength: 2, maxLength: 30 }), (alerts) => {
        const tellings = alerts.map((alert, index) => ({ alert, keptAt: NOW - index * 1000 }));
        const { body, taken } = messageOf(format, tellings, context);
        const shown = SHOWN[format](body);
        expect(taken).toBeGreaterThanOrEqual(1);
        expect(taken).toBeLessThanOrEqual(20);
        expect(shown.size).toBeLessThanOrEqual(shown.most);
        expectHarmless(format, shown);
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  it("loses nothing of what fits", () => {
    const { body } = messageOf(format, [{ alert: alertOf() }], context);
    expect(body).toContain("Errors");
    expect(body.replace(/\\"/g, '"')).toContain('took="0.812 s"');
    expect(body).not.toContain("left out");
  });

  it("says what it left out, and keeps headline and link", () => {
    const line = "错".repeat(400_000);
    const sample = { at: NOW, fields: [["message", line]] as [string, string][], around: [line, line] };
    const { body } = messageOf(format, [{ alert: alertOf({ sample }) }], context);
    expect(body).toContain("Errors");
    expect(body).toContain("cls/search?region=ap-guangzhou");
    if (format === "json") expect((JSON.parse(body) as AlertMessage).alerts[0].cut).toBe(true);
    else expect(body).toMatch(/left out: 2 lines before it, [\d,]+ characters of the log/);
    const { size, most } = SHOWN[format](body);
    expect(size).toBeGreaterThan(most * 0.95);
  });
});

describe("a message", () => {
  it("drops lines before the matched one before it cuts that", () => {
    const around = ["a".repeat(3_000), "b".repeat(3_000), "kept"];
    const sample = { at: NOW, fields: [["m", "the line"]] as [string, string][], around };
    const { body } = messageOf("wecom", [{ alert: alertOf({ sample }) }], context);
    expect(body).toContain("`kept`");
    expect(body).toContain("the line");
    expect(body).toContain("left out: 1 line before it");
  });

  it("tells of several alerts that were kept, each with its headline, and since when", () => {
    const tellings = ["orders", "users"].map((service, index) => ({
      alert: alertOf({ group: [["service", service]] }),
      keptAt: NOW - 3_600_000 + index * 60_000,
    }));
    const { body, taken } = messageOf("dingtalk", tellings, context);
    const { content } = (JSON.parse(body) as { text: { content: string } }).text;
    expect(taken).toBe(2);
    expect(content.split("\n")[0]).toBe("told late: 2 alerts, kept from 15:36:11 UTC+8 to 15:37:11 UTC+8");
    expect(content).toMatch(/service=orders[^]*told late: kept since 15:36:11 UTC\+8, 1 hour[^]*service=users/);
  });

  it("is typed data for a json receiver", () => {
    const { body } = messageOf("json", [{ alert: alertOf(), keptAt: NOW - 1000 }], context);
    expect(JSON.parse(body)).toEqual({
      version: 1,
      alerts: [
        {
          id: "errors-1",
          kind: "first",
          monitor: "Errors",
          severity: "critical",
          labels: { source: "access-log", region: "ap-guangzhou" },
          group: { service: "orders", status: "503" },
          others: false,
          source: { name: "access-log", region: "ap-guangzhou", topic: "0c1d2e3f-0000-4000-8000-00000000aaaa" },
          count: 1,
          regions: ["ap-guangzhou"],
          firstAt: "2026-11-29T08:36:09.412Z",
          lastAt: "2026-11-29T08:36:09.412Z",
          arrivedAt: "2026-11-29T08:36:10.612Z",
          sentAt: "2026-11-29T08:36:11.500Z",
          window: 600,
          sample: {
            at: "2026-11-29T08:36:09.412Z",
            fields: [
              { name: "method", value: "GET" },
              { name: "path", value: "/pay" },
              { name: "status", value: "503" },
              { name: "took", value: "0.812 s" },
              { name: "request_id", value: "9f" },
            ],
            around: [],
          },
          marks: [],
          keptAt: "2026-11-29T08:36:10.500Z",
          text: textOf(alertOf(), { ...context, keptAt: NOW - 1000 }, ALL),
          console: expect.stringContaining("topic_id=0c1d2e3f") as string,
          cut: false,
        },
      ],
    });
  });
});
