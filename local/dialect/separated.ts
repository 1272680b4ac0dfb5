/** Splits a text at separators; quoted parts are not split, and lose the quotes. */
export function splitSeparated(text: string, separator: string, quote: string): string[] {
  if (separator === "") return [text];
  const values: string[] = [];
  let value = "";
  let isQuoted = false;
  for (let at = 0; at < text.length;) {
    if (quote !== "" && text.startsWith(quote, at)) {
      // A doubled quote within quotes is one quote of the value.
      const isDoubled = isQuoted && text.startsWith(quote, at + quote.length);
      if (isDoubled) value += quote;
      else isQuoted = !isQuoted;
      at += quote.length * (isDoubled ? 2 : 1);
    } else if (!isQuoted && text.startsWith(separator, at)) {
      values.push(value);
      value = "";
      at += separator.length;
    } else value += text[at++];
  }
  return [...values, value];
}
