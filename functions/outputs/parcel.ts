/**
 * How an output writes a parcel to quarantine: as the finished object, of gzip JSON lines or Parquet, or as records, each
 * with its id and labels.
 */
export type KeptAs = "objects" | "parquet" | "records";

/** Records that are sent in one request. */
export interface Parcel {
  /** The same for the same records at each delivery of the input; it is part of keys. */
  readonly name: string;
  readonly records: number;
  /** Approximate memory in bytes until it is sent. */
  readonly bytes: number;
  /** Two parcels with half of the records each and their own names, if it can be divided. */
  halves?(): readonly Parcel[];
  /**
   * The records that are missing after this failure, in separate parcels with the reason, if the destination answers for
   * each record; undefined if all of them can be missing.
   */
  notTaken?(error: unknown): readonly NotTaken[] | undefined;
  /** Resolves when the parcel can be sent, if the destination limits the rate; called before each {@link send}. */
  turn?(signal: AbortSignal): Promise<void>;
  /** Sends the records; resolves to the bytes sent. Can be called again after a failure. Honors the signal. */
  send(signal: AbortSignal): Promise<number>;
  /** Gzip JSON lines from which the output can build the parcel again, or its Parquet file. */
  lines(): Uint8Array;
  /** The form of {@link lines}. */
  readonly keptAs: KeptAs;
}

/** Records of a parcel that its destination did not accept. */
export interface NotTaken {
  readonly parcel: Parcel;
  readonly error: unknown;
}

/** A parcel as stored in quarantine. */
export interface KeptParcel {
  readonly name: string;
  readonly records: number;
  /** See {@link Parcel.lines}. */
  readonly lines: Uint8Array;
}
