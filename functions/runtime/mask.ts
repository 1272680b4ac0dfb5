/**
 * Variables whose values are secrets: the keys of the function's role or of Terraform's user, and the user's own secrets.
 */
const SECRET_VARIABLES = /^(LOGS_SECRET_|TENCENTCLOUD_(SECRET|SESSION|SECURITY))/;

/** Minimum characters of a value to be masked: a shorter one could occur in any text. */
const MIN_LENGTH = 4;

/** Minimum characters of a piece of an address that is treated as a secret. */
const MIN_PIECE_LENGTH = 6;

const MASK = "***";

/**
 * Masks the secrets that this process knows in a text, in all usual spellings: plain, percent-encoded, as JSON, in base64
 * and in hex. If a secret is an address, its pieces are masked as well. Linear in the text.
 */
export function maskSecrets(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  let masked = text;
  for (const value of secretsOf(environment)) {
    if (masked.includes(value)) masked = masked.split(value).join(MASK);
  }
  return masked;
}

/** Longest first, so that a secret is masked before a shorter one that it contains. */
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
 * The base64 of a secret within a longer text, such as `user:password`. It depends on the secret's offset, and the
 * characters at both ends also depend on the adjacent text.
 */
function withinBase64(secret: string): string[] {
  return [0, 1, 2].map((bytesBefore) => {
    const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(secret)]);
    return bytes.toString("base64").slice(Math.ceil((8 * bytesBefore) / 6), Math.floor((8 * bytes.length) / 6));
  });
}

/** The pieces of an address that grant access: user and password, the segments of its path, the values of its query. */
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
