/** A refused request; `code` is Tencent's. */
export class Refusal extends Error {
  override readonly name: string = "Refusal";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
