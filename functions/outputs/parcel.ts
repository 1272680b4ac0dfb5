/**
 * How an output leaves a parcel to quarantine: as the object that it is, of gzip JSON lines or of Parquet, or as records, each
 * with its id and labels.
 */
export type KeptAs = "objects" | "parquet" | "records";

/** Records on their way out, in one request. */
export interface Parcel {
  /** The same for the same records at each delivery of the input: keys hold it. */
  readonly name: string;
  readonly records: number;
  /** What it takes of memory until it is sent, about, in bytes. */
  readonly bytes: number;
  /** Two of half the records, where it can be halved, with names of their own. */
  halves?(): readonly Parcel[];
  /**
   * What is not there after this failure, in parcels of their own with why, where the destination tells of each record;
   * undefined where none of it may be there.
   */
  notTaken?(error: unknown): readonly NotTaken[] | undefined;
  /** Resolves when they may be sent, where the destination takes requests at a rate; called before each {@link send}. */
  turn?(signal: AbortSignal): Promise<void>;
  /** Sends them; resolves to the bytes that it took. May be called again after it failed. Heeds the signal. */
  send(signal: AbortSignal): Promise<number>;
  /** Gzip JSON lines of which the output can make the parcel again, or the Parquet file that it is. */
  lines(): Uint8Array;
  /** What they are. */
  readonly keptAs: KeptAs;
}

/** Records of a parcel that its destination did not take. */
export interface NotTaken {
  readonly parcel: Parcel;
  readonly error: unknown;
}

/** What lies of a parcel in quarantine. */
export interface KeptParcel {
  readonly name: string;
  readonly records: number;
  /** What the output left of it, see {@link Parcel.lines}. */
  readonly lines: Uint8Array;
}
