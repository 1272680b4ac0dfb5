/** Digits, with at most one space or hyphen between two of them. */
const DIGIT_RUN = /\d(?:[ -]?\d)*/g;

/** Number of digits of a bank card, at UnionPay, Visa, Mastercard, JCB and American Express. */
const [FEWEST, MOST] = [15, 19];

/** Starts that no card has: so times since 1970 do not match, in any unit. */
const NO_CARD = /^[0178]|^2(?![2-7])/;

/** A mobile number of mainland China, with or without the country code; spaces or hyphens can separate its parts. */
const PHONE = /(?<!\d)(?<!\d\.)(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g;

/** A resident identity number (GB 11643): six digits of a place, the date of birth, three digits, a check digit. */
const ID_CARD = /(?<!\d)(?<!\d\.)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/g;

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = "10X98765432";

/**
 * Sources of regular expressions that match each line of JSON (bytes as characters) with a value to be replaced, except for
 * values in escapes and numbers with an exponent.
 */
export const NUMBER_HINTS = {
  phone: PHONE.source,
  idCard: ID_CARD.source,
  bankCard: "(?<!\\d)[2-69](?:[ -]?\\d){14}",
};

/** Replaces each finding by the result of `found`. */
export type Replace = (text: string, found: () => string) => string;

export const replacePhones: Replace = (text, found) => text.replace(PHONE, found);

export const replaceIdCards: Replace = (text, found) =>
  text.replace(ID_CARD, (number) => (isIdCard(number) ? found() : number));

/** Whether the check digit is correct (ISO 7064, MOD 11-2). */
function isIdCard(number: string): boolean {
  const sum = ID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return ID_CHECKS[sum % 11] === number[17].toUpperCase();
}

/** A space can separate a card from other numbers. So a card is tried from each start of digits in a run, up to each end. */
export const replaceBankCards: Replace = (text, found) =>
  text.replace(DIGIT_RUN, (run, offset: number) => {
    if (run.length < FEWEST || (text[offset - 1] === "." && /\d/.test(text[offset - 2] ?? ""))) return run;
    let masked = "";
    let copied = 0;
    for (let start = 0; start < run.length; start++) {
      const begins = /\d/.test(run[start]) && (start === 0 || !/\d/.test(run[start - 1]));
      const end = begins ? endOfCard(run, start) : undefined;
      if (end === undefined) continue;
      masked += run.slice(copied, start) + found();
      copied = end;
      start = end - 1;
    }
    return masked + run.slice(copied);
  });

/** End of the longest card that begins there. */
function endOfCard(run: string, start: number): number | undefined {
  let digits = "";
  let end: number | undefined;
  for (let at = start; at < run.length && digits.length < MOST; at++) {
    if (run[at] === " " || run[at] === "-") continue;
    digits += run[at];
    const isEnd = at + 1 === run.length || run[at + 1] === " " || run[at + 1] === "-";
    if (digits.length >= FEWEST && isEnd && isCard(digits)) end = at + 1;
  }
  return end;
}

function isCard(digits: string): boolean {
  if (NO_CARD.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? 2 * digit : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
