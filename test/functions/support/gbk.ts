/** Text in GBK, for which the platform only has a decoder. */
export function toGbk(text: string): Buffer {
  return Buffer.from([...text].flatMap((character) => bytesOf(character)));
}

function bytesOf(character: string): readonly number[] {
  const code = character.charCodeAt(0);
  if (code < 0x80) return [code];
  const pair = pairs().get(character);
  if (pair === undefined) throw new RangeError(`the text must be GBK, got ${JSON.stringify(character)}`);
  return pair;
}

let known: Map<string, readonly number[]> | undefined;

function pairs(): Map<string, readonly number[]> {
  if (known) return known;
  known = new Map();
  const decoder = new TextDecoder("gbk");
  for (let lead = 0x81; lead < 0xff; lead++) {
    for (let trail = 0x40; trail < 0xff; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (character.length === 1 && character !== "\ufffd") known.set(character, [lead, trail]);
    }
  }
  return known;
}
