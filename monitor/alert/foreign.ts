/**
 * Text from outside, from a log or a name. It is shown unchanged wherever that is harmless. Characters that a
 * receiver's client could interpret (to reverse the direction of text, to mention everybody, to open a page) are shown
 * in a form that has no effect.
 */

/**
 * Characters that a client can interpret or hide: controls, direction marks, invisible characters. An unpaired
 * surrogate is not a character.
 */
const UNSEEN =
  /[\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/g;

const SHORT: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", "\t": " " };

/** Mentions of everybody in the various services. */
const CALLS = /@(?=\s*(?:all|everyone|channel|here|所有人|全体成员|全員))/giu;

/** The start of a mention in some of them: `<@id>`, `<!here>`, `<#channel>`, `<at …>`. */
const MENTIONS = /<(?=\s*(?:[@!#]|\/?at\b))/gi;

/**
 * Text that is safe for every receiver: `\u{202e}` instead of the character that reverses text, `＠all` instead of a
 * mention.
 */
export function harmless(text: string): string {
  return text.replace(UNSEEN, shown).replace(CALLS, "＠").replace(MENTIONS, "＜");
}

function shown(character: string): string {
  const code = character.codePointAt(0) as number;
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** Endings of names that clients turn into links. */
const ENDS =
  "com|cn|net|org|io|co|me|info|biz|top|xyz|cc|tv|app|dev|site|online|shop|ru|hk|tw|jp|uk|de|us|eu|link|vip|ly|gg|ai";
const HOST_DOT = new RegExp(String.raw`\.(?=(?:${ENDS})(?![A-Za-z0-9_-]|\.[A-Za-z0-9]))`, "gi");

/**
 * For services whose clients turn plain text into links: writes addresses as security notices do, `https[:]//`,
 * `example[.]com`, which people can read and clients do not link.
 */
export function unlinked(text: string): string {
  return text
    .replace(/:(?=\/\/)/g, "[:]")
    .replace(/(mailto|tel):/gi, "$1[:]")
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}[.]`)
    .replace(HOST_DOT, (dot, at: number, all: string) => (/[^\s.,;:()]/.test(all.charAt(at - 1)) ? "[.]" : dot))
    .replace(/(?<=[\p{L}\p{N}._+-])@(?=[\p{L}\p{N}_])/gu, "[@]");
}

/** Maximum number of marks of one character. No writing system needs more. */
const MOST_MARKS = 8;

/**
 * The first characters of a text. It does not split surrogate pairs or, within {@link MOST_MARKS}, a letter and its
 * marks.
 * @param most number of UTF-16 units
 */
export function start(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = Math.max(0, Math.floor(most));
  for (let marks = 0; end > 0 && marks < MOST_MARKS && isMark(text, end); marks++) end--;
  const isPair = end > 0 && /[\ud800-\udbff]/.test(text[end - 1]) && /[\udc00-\udfff]/.test(text[end]);
  return text.slice(0, isPair ? end - 1 : end);
}

function isMark(text: string, at: number): boolean {
  return /[\p{M}\u200d]/u.test(text[at]) || text[at - 1] === "\u200d";
}
