const VOLUME = String.raw`\"%{BACULA_VOLUME:volume}\"`;
const DEVICE = String.raw`\"%{BACULA_DEVICE:device}\" \(%{BACULA_DEVICEPATH}\)`;

/** The rest of a line after its head, by the ends of the patterns' names. */
const MESSAGES: Readonly<Record<string, string>> = {
  MAX_CAPACITY: `User defined maximum volume capacity %{BACULA_CAPACITY} exceeded on device ${DEVICE}`,
  END_VOLUME:
    `End of medium on Volume ${VOLUME} Bytes=%{BACULA_CAPACITY} Blocks=%{BACULA_CAPACITY} at ` +
    "%{MONTHDAY}-%{MONTH}-%{YEAR} %{HOUR}:%{MINUTE}.",
  NEW_VOLUME: `Created new Volume ${VOLUME} in catalog.`,
  NEW_LABEL: `Labeled new Volume ${VOLUME} on device ${DEVICE}.`,
  WROTE_LABEL: `Wrote label to prelabeled Volume ${VOLUME} on device ${DEVICE.replace(":device", "")}`,
  NEW_MOUNT: `New volume ${VOLUME} mounted on device ${DEVICE} at %{MONTHDAY}-%{MONTH}-%{YEAR} %{HOUR}:%{MINUTE}.`,
  NOOPEN: String.raw`\s+Cannot open %{DATA}: ERR=%{GREEDYDATA:berror}`,
  NOOPENDIR: String.raw`\s+Could not open directory %{DATA}: ERR=%{GREEDYDATA:berror}`,
  NOSTAT: String.raw`\s+Could not stat %{DATA}: ERR=%{GREEDYDATA:berror}`,
  NOJOBS: `There are no more Jobs associated with Volume ${VOLUME}. Marking it purged.`,
  ALL_RECORDS_PRUNED: String.raw`All records pruned from Volume ${VOLUME}; marking it \"Purged\"`,
  BEGIN_PRUNE_JOBS: "Begin pruning Jobs older than %{INT} month %{INT} days .",
  BEGIN_PRUNE_FILES: "Begin pruning Files.",
  PRUNED_JOBS: "Pruned %{INT} Jobs* for client %{BACULA_HOST:client} from catalog.",
  PRUNED_FILES: "Pruned Files from %{INT} Jobs* for client %{BACULA_HOST:client} from catalog.",
  ENDPRUNE: "End auto prune.",
  STARTJOB: "Start Backup JobId %{INT}, Job=%{BACULA_JOB:job}",
  STARTRESTORE: "Start Restore Job %{BACULA_JOB:job}",
  USEDEVICE: String.raw`Using Device \"%{BACULA_DEVICE:device}\"`,
  DIFF_FS: String.raw`\s+%{UNIXPATH} is a different filesystem. Will not descend from %{UNIXPATH} into it.`,
  JOBEND: "Job write elapsed time = %{DATA:elapsed}, Transfer rate = %{NUMBER} (?:K|M|G)? Bytes/second",
  NOPRUNE_JOBS: "No Jobs found to prune.",
  NOPRUNE_FILES: "No Files found to prune.",
  VOLUME_PREVWRITTEN: `Volume ${VOLUME} previously written, moving to end of data.`,
  READYAPPEND: `Ready to append to end of Volume ${VOLUME} size=%{INT}`,
  CANCELLING: "Cancelling duplicate JobId=%{INT}.",
  MARKCANCEL: "JobId %{INT}, Job %{BACULA_JOB:job} marked to be canceled.",
  CLIENT_RBJ: String.raw`shell command: run ClientRunBeforeJob \"%{GREEDYDATA:runjob}\"`,
  VSS: "(?:Generate )?VSS (?:Writer)?",
  MAXSTART: "Fatal error: Job canceled because max start delay time exceeded.",
  DUPLICATE: "Fatal error: JobId %{INT:duplicate} already running. Duplicate job not allowed.",
  NOJOBSTAT: "Fatal error: No Job status returned from FD.",
  FATAL_CONN: `Fatal error: bsock.c:133 Unable to connect to ${peer()}`,
  NO_CONNECT: `Warning: bsock.c:127 Could not connect to ${peer()}`,
  NO_AUTH: "Fatal error: Unable to authenticate with File daemon at %{HOSTNAME}. Possible causes:",
  NOSUIT: "No prior or suitable Full backup found in catalog. Doing FULL backup.",
  JOB: String.raw`(?:Error: )?Bacula %{BACULA_HOST} %{BACULA_VERSION} \(%{BACULA_VERSION}\):`,
  NOPRIOR: "No prior Full backup Job record found.",
};

function peer(): string {
  const client = "(?:Client: %{BACULA_HOST:client}|Storage daemon)";
  return `${client} on %{HOSTNAME}:%{POSINT}. ERR=%{GREEDYDATA:berror}`;
}

/** Log lines of Bacula. */
export const BACULA: Readonly<Record<string, string>> = {
  BACULA_TIMESTAMP: "%{MONTHDAY}-%{MONTH} %{HOUR}:%{MINUTE}",
  BACULA_HOST: "[a-zA-Z0-9-]+",
  BACULA_VOLUME: "%{USER}",
  BACULA_DEVICE: "%{USER}",
  BACULA_DEVICEPATH: "%{UNIXPATH}",
  BACULA_CAPACITY: "%{INT}{1,3}(?:,%{INT}{3})*",
  BACULA_VERSION: "%{USER}",
  BACULA_JOB: "%{USER}",
  ...Object.fromEntries(Object.entries(MESSAGES).map(([name, text]) => [`BACULA_LOG_${name}`, text])),
  BACULA_LOGLINE:
    "%{BACULA_TIMESTAMP:bts} %{BACULA_HOST:hostname} JobId %{INT:jobid}: " +
    `(?:${Object.keys(MESSAGES)
      .map((name) => `%{BACULA_LOG_${name}}`)
      .join("|")})`,
};
