/** Events of an object that COS can report. */
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

/** An event of an object that COS reports, such as `cos:ObjectCreated:*`. */
export type CosEvent = (typeof COS_EVENTS)[number];

/** The events for every created object, and for every deleted one. */
export const OBJECT_CREATED = "cos:ObjectCreated:*";
export const OBJECT_REMOVED = "cos:ObjectRemove:*";
