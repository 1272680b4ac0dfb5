import { SignatureError, type SignatureFault } from "../cam/signature";
import { xml } from "./xml";

/** An error answer; codes are Tencent's. */
export class CosError extends Error {
  override readonly name = "CosError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

const SIGNATURE_CODES: Record<SignatureFault, string> = {
  missing: "AccessDenied",
  malformed: "AccessDenied",
  "unknown key": "InvalidAccessKeyId",
  expired: "AccessDenied",
  "not yet valid": "RequestTimeTooSkewed",
  "wrong token": "InvalidAccessKeyId",
  "expired token": "ExpiredToken",
  mismatch: "SignatureDoesNotMatch",
};

/** COS's error for an invalid signature. */
export function signatureRefused(error: SignatureError): CosError {
  return new CosError(403, SIGNATURE_CODES[error.fault], error.message);
}

/** The body of an error. */
export function errorBody(error: CosError, resource: string, requestId: string): string {
  return xml("Error", {
    Code: error.code,
    Message: error.message,
    Resource: resource,
    RequestId: requestId,
    TraceId: requestId,
  });
}
