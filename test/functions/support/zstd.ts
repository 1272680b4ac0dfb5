/** {@link ZSTD_LINES}, packed by zstd 1.5 at level 19. */
export const ZSTD = Buffer.from(
  "KLUv/QRodQMAQgQQFcA97P+NNC+Nqthp/GerqqqsOUqcG6WUUkoppRBCCCGEEPL/////v1RCxxTyQAaL+6176p0pDyw06IIYLLwQAyioEfDr/xmAM0oPETQE/zsEnx8nYf+ii1vM4hVVnCKKTzRxkVL1MgJAVANgWR3O",
  "base64",
);

export const ZSTD_LINES = Array.from({ length: 40 }, (_, n) => `{"n":${n},"msg":"登录失败"}\n`).join("");
