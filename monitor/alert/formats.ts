import type { ReceiverFormat } from "../definition/types";
import { unlinked } from "./foreign";
import { alertJson, type AlertMessage } from "./json";
import { type AlertLines, type Line, linesOf, plain, type Room, type Telling, type TextContext } from "./lines";
import { counted, DEFAULT_ZONE, timeWords } from "./time";

/** Maximum characters of a value that are shown. */
const MOST_OF_VALUE = 1_000;

type Context = Omit<TextContext, "keptAt">;

/** The message format of one kind of receiver. */
export interface Format {
  /** Number of characters that no message of the service can exceed. */
  readonly most: number;
  /** Maximum characters of a value, a name or a reason. */
  readonly mostOfValue: number;
  /** The body of a message, without its signature. */
  body(tellings: readonly Telling[], context: Context, room: Room): string;
  /** Whether the body fits the service's limit. @param share of the limit that a body can use. @default 1 */
  fits(body: string, share?: number): boolean;
}

/** Alerts as data. */
const JSON_FORMAT: Format = {
  most: 1024 * 1024,
  mostOfValue: 1024 * 1024,
  body(tellings, context, room) {
    const alerts = tellings.map(({ alert, keptAt }) => alertJson(alert, { ...context, keptAt }, room));
    return JSON.stringify({ version: 1, alerts } satisfies AlertMessage);
  },
  fits: (body, share = 1) => Buffer.byteLength(body) <= 1024 * 1024 * share,
};

/**
 * Markdown of a bot, at most 4,096 bytes of UTF-8; plain text is limited to 2,048. Text from outside is in code spans,
 * which contain no markup, without the character that would end the span. Mentions (`<@id>`) and links are also
 * escaped. Facts: docs/design/facts/runtime.md#wecom.
 */
const WECOM: Format = {
  most: 4096,
  mostOfValue: MOST_OF_VALUE,
  body: (tellings, context, room) =>
    JSON.stringify({
      msgtype: "markdown",
      markdown: { content: joined(tellings, context, room, wecomCode, markdownLink) },
    }),
  fits: (body, share = 1) => Buffer.byteLength((JSON.parse(body) as WecomBody).markdown.content) <= 4096 * share,
};

interface WecomBody {
  readonly markdown: { readonly content: string };
}

/**
 * Plain text, in a body of at most 20,000 bytes. It contains no markup, but clients turn addresses into links, so
 * addresses from a log are written in a form that is not linked. Facts: docs/design/facts/runtime.md#dingtalk.
 */
const DINGTALK: Format = {
  most: 20_000,
  mostOfValue: MOST_OF_VALUE,
  body: (tellings, context, room) =>
    JSON.stringify({
      msgtype: "text",
      text: { content: joined(tellings, context, room, unlinked, (link) => `console: ${link}`) },
      at: { isAtAll: false },
    }),
  fits: (body, share = 1) => Buffer.byteLength(body) <= 20_000 * share,
};

/**
 * A post, whose elements separate text from links, in a body of at most 20 KB including its signature. Facts:
 * docs/design/facts/runtime.md#feishu.
 */
const FEISHU: Format = {
  most: 20_000,
  mostOfValue: MOST_OF_VALUE,
  body(tellings, context, room) {
    const text = (line: string) => [{ tag: "text", text: unlinked(line) }];
    const lead = together(tellings, context);
    const all = sections(tellings, context, room);
    const content = all.flatMap((lines, index) => [
      ...(index > 0 ? [text(" ")] : []),
      ...(lead === undefined ? [] : [text(plain(lines.headline))]),
      ...lines.facts.map((line) => text(plain(line))),
      ...lines.log.map(text),
      ...(lines.link === undefined ? [] : [[{ tag: "a", text: "console", href: lines.link }]]),
      ...lines.notes.map((line) => text(plain(line))),
    ]);
    const post = { zh_cn: { title: lead ?? unlinked(plain(all[0].headline)), content } };
    return JSON.stringify({ msg_type: "post", content: { post } });
  },
  fits: (body, share = 1) => Buffer.byteLength(body) <= 19_800 * share,
};

/** Maximum characters of text in a Slack block. */
const SLACK_TEXT = 3_000;

/**
 * One section for each alert, in Slack's markup, with at most 3,000 characters each and 50 in a message. Three
 * characters are escaped, so that text from outside cannot become a link or a mention; `verbatim` stops Slack from
 * detecting links itself; and code contains no other markup. Facts: docs/design/facts/runtime.md#slack.
 */
const SLACK: Format = {
  most: SLACK_TEXT,
  mostOfValue: MOST_OF_VALUE,
  body(tellings, context, room) {
    const lead = together(tellings, context);
    const all = sections(tellings, context, room);
    const texts = [
      ...(lead === undefined ? [] : [escapeSlack(lead)]),
      ...all.map((lines) => sectionText(lines, (text) => code(escapeSlack(text)), slackLink, escapeSlack)),
    ];
    const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });
    // Text of the notification.
    const summary = escapeSlack(unlinked(lead ?? plain(all[0].headline)));
    return JSON.stringify({ text: summary, mrkdwn: false, blocks: texts.map(section) });
  },
  fits(body, share = 1) {
    const { blocks } = JSON.parse(body) as SlackBody;
    return blocks.length <= 50 && blocks.every(({ text }) => text.text.length <= SLACK_TEXT * share);
  },
};

interface SlackBody {
  readonly blocks: readonly { readonly text: { readonly text: string } }[];
}

export const FORMATS: Readonly<Record<ReceiverFormat, Format>> = {
  json: JSON_FORMAT,
  wecom: WECOM,
  dingtalk: DINGTALK,
  feishu: FEISHU,
  slack: SLACK,
};

/** A message with a short text of ours. @param data additional data for a `json` receiver */
export function plainMessage(format: ReceiverFormat, text: string, data: object): string {
  return JSON.stringify(PLAIN[format](text, data));
}

const PLAIN: Readonly<Record<ReceiverFormat, (text: string, data: object) => object>> = {
  json: (_, data) => ({ version: 1, ...data }),
  wecom: (content) => ({ msgtype: "text", text: { content } }),
  dingtalk: (content) => ({ msgtype: "text", text: { content }, at: { isAtAll: false } }),
  feishu: (text) => ({ msg_type: "text", content: { text } }),
  slack: (text) => ({ text }),
};

function sections(tellings: readonly Telling[], context: Context, room: Room): AlertLines[] {
  return tellings.map(({ alert, keptAt }) => linesOf(alert, { ...context, keptAt }, room));
}

/** Heading of a message with several alerts. */
function together(tellings: readonly Telling[], { file, now }: Context): string | undefined {
  if (tellings.length < 2) return undefined;
  const zone = file.display?.zone ?? DEFAULT_ZONE;
  const times = tellings.map(({ keptAt }) => keptAt ?? now);
  const span = `${timeWords(Math.min(...times), now, zone)} to ${timeWords(Math.max(...times), now, zone)}`;
  return `told late: ${counted(tellings.length, "alert")}, kept from ${span}`;
}

/** All alerts as one text. @param outside writes text from outside @param link writes an address of ours */
function joined(
  tellings: readonly Telling[],
  context: Context,
  room: Room,
  outside: (text: string) => string,
  link: (address: string) => string,
): string {
  const lead = together(tellings, context);
  const texts = sections(tellings, context, room).map((lines) => sectionText(lines, outside, link));
  return [...(lead === undefined ? [] : [lead]), ...texts].join("\n\n");
}

function sectionText(
  { headline, facts, log, link: address, notes }: AlertLines,
  outside: (text: string) => string,
  link: (address: string) => string,
  ours: (text: string) => string = (text) => text,
): string {
  const written = (line: Line) => line.map((span) => ("own" in span ? ours(span.own) : outside(span.foreign))).join("");
  const lines = [headline, ...facts].map(written);
  return [...lines, ...log.map(outside), ...(address === undefined ? [] : [link(address)]), ...notes.map(written)].join(
    "\n",
  );
}

/** A code span. An empty one would be two backticks, which open another span. */
function code(text: string): string {
  return text === "" ? "" : `\`${text.replace(/`/g, "ˋ")}\``;
}

function wecomCode(text: string): string {
  return code(text.replace(/</g, "＜").replace(/\]\(/g, "] ("));
}

function markdownLink(address: string): string {
  return `[console](${address})`;
}

function slackLink(address: string): string {
  return `<${escapeSlack(address)}|console>`;
}

/** The three characters that Slack reads as markup. */
function escapeSlack(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
