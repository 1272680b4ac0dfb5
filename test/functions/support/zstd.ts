/** {@link ZSTD_LINES}, compressed by zstd 1.5 at level 19. */
export const ZSTD = Buffer.from(
  "KLUv/QRodQMAQgQQFcA97P+NNC+Nqthp/GerqqqsOUqcG6WUUkoppRBCCCGEEPL/////v1RCxxTyQAaL+6176p0pDyw06IIYLLwQAyioEfDr/xmAM0oPETQE/zsEnx8nYf+ii1vM4hVVnCKKTzRxkVL1MgJAVANgWR3O",
  "base64",
);

export const ZSTD_LINES = Array.from({ length: 40 }, (_, n) => `{"n":${n},"msg":"登录失败"}\n`).join("");

/** A zstd frame with uncompressed blocks (RFC 8878), for when there is no compressor. */
export function zstdFrame(bytes: Buffer): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, at) => {
    const block = bytes.subarray(at * 65_536, (at + 1) * 65_536);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | ((at + 1) * 65_536 >= bytes.length ? 1 : 0), 0, 3);
    return Buffer.concat([header, block]);
  });
  // A window of 8 MiB, the maximum that is accepted.
  return Buffer.concat([Buffer.from("28b52ffd0068", "hex"), ...blocks]);
}
