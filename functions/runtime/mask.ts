/** Variables whose values are secrets: the keys of the function's role, or of Terraform's user, and the user's own. */
const SECRET_VARIABLES = /^(LOGS_SECRET_|TENCENTCLOUD_(SECRET|SESSION|SECURITY))/;

/** Shortest value that is masked, in characters: a shorter one would stand in any text. */
const MIN_LENGTH = 4;

/** Shortest piece of an address that is taken for a secret of its own, in characters. */
const MIN_PIECE_LENGTH = 6;

const MASK = "***";

/**
 * A text without the secrets that this process has at hand, in whichever of the usual ways they are written: as they are,
 * percent-encoded, as JSON, in base64 and in hex. Of a secret that is an address its pieces are masked as well. Linear in the text.
 */
export function maskSecrets(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  let masked = text;
  for (const value of secretsOf(environment)) {
    if (masked.includes(value)) masked = masked.split(value).join(MASK);
  }
  return masked;
}

/** Longest first, so that no secret is left of which a shorter one is a piece. */
function secretsOf(environment: NodeJS.ProcessEnv): string[] {
  const values = new Set<string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !SECRET_VARIABLES.test(name)) continue;
    const secret = value.trim();
    for (const piece of [secret, ...piecesOf(secret)]) for (const form of formsOf(piece)) values.add(form);
  }
  return [...values].filter(({ length }) => length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
}

function formsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64"),
    ...withinBase64(secret),
    Buffer.from(secret).toString("hex"),
  ];
}

/**
 * What base64 of a longer text, such as `user:password`, holds of a secret: it depends on where that stands, and the characters at
 * both ends tell of what is around it as well.
 */
function withinBase64(secret: string): string[] {
  return [0, 1, 2].map((bytesBefore) => {
    const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(secret)]);
    return bytes.toString("base64").slice(Math.ceil((8 * bytesBefore) / 6), Math.floor((8 * bytes.length) / 6));
  });
}

/** What of an address lets somebody in: user and password, the segments of its path, the values of its query. */
function piecesOf(secret: string): string[] {
  const url = urlOf(secret);
  if (!url) return [];
  const { username, password, pathname, search, hash } = url;
  const login = username === "" ? [] : [password, `${username}:${password}`];
  const pieces = [pathname + search, ...pathname.split("/"), ...new URLSearchParams(search).values(), hash.slice(1)];
  const long = pieces.filter(({ length }) => length >= MIN_PIECE_LENGTH);
  return [...login, ...long].flatMap((piece) => [piece, decoded(piece)]);
}

function urlOf(text: string): URL | undefined {
  try {
    return /^https?:\/\//i.test(text) ? new URL(text) : undefined;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
