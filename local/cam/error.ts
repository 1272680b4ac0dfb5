import { Refusal } from "../refusal";

/** A request that CAM refuses; `code` is Tencent's. */
export class CamError extends Refusal {
  override readonly name = "CamError";
}
