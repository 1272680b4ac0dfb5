/** What COS may report about an object. */
export const COS_EVENTS = [
  "cos:ObjectCreated:*",
  "cos:ObjectCreated:Put",
  "cos:ObjectCreated:Post",
  "cos:ObjectCreated:Copy",
  "cos:ObjectCreated:CompleteMultipartUpload",
  "cos:ObjectCreated:Origin",
  "cos:ObjectCreated:Replication",
  "cos:ObjectRemove:*",
  "cos:ObjectRemove:Delete",
  "cos:ObjectRemove:DeleteMarkerCreated",
  "cos:ObjectRestore:Post",
  "cos:ObjectRestore:Completed",
] as const;

/** What COS reports about an object. */
export type CosEvent = (typeof COS_EVENTS)[number];

/** What COS reports about every new object, and about every one that goes. */
export const OBJECT_CREATED = "cos:ObjectCreated:*";
export const OBJECT_REMOVED = "cos:ObjectRemove:*";
