/** Kinds of entries, with the names of their fields; the last one takes the rest of the line. */
const ENTRIES: Readonly<Record<string, string>> = {
  CURRENT_SERVICE_STATE: "hostname service state statetype statecode message",
  CURRENT_HOST_STATE: "hostname state statetype statecode message",
  SERVICE_NOTIFICATION: "notifyname hostname service state contact message",
  HOST_NOTIFICATION: "notifyname hostname state contact message",
  SERVICE_ALERT: "hostname service state statelevel attempt message",
  HOST_ALERT: "hostname state statelevel attempt message",
  SERVICE_FLAPPING_ALERT: "hostname service state message",
  HOST_FLAPPING_ALERT: "hostname state message",
  SERVICE_DOWNTIME_ALERT: "hostname service state comment",
  HOST_DOWNTIME_ALERT: "hostname state comment",
  PASSIVE_SERVICE_CHECK: "hostname service state comment",
  PASSIVE_HOST_CHECK: "hostname state comment",
  SERVICE_EVENT_HANDLER: "hostname service state statelevel event_handler_name",
  HOST_EVENT_HANDLER: "hostname state statelevel event_handler_name",
  TIMEPERIOD_TRANSITION: "service unknown1 unknown2",
};

/** External commands, in the same form. */
const COMMANDS: Readonly<Record<string, string>> = {
  DISABLE_SVC_CHECK: "hostname service",
  ENABLE_SVC_CHECK: "hostname service",
  DISABLE_HOST_CHECK: "hostname",
  ENABLE_HOST_CHECK: "hostname",
  PROCESS_HOST_CHECK_RESULT: "hostname state check_result",
  PROCESS_SERVICE_CHECK_RESULT: "hostname service state check_result",
  SCHEDULE_HOST_DOWNTIME: "hostname start_time end_time fixed trigger_id duration",
  DISABLE_HOST_SVC_NOTIFICATIONS: "hostname",
  ENABLE_HOST_SVC_NOTIFICATIONS: "hostname",
  DISABLE_HOST_NOTIFICATIONS: "hostname",
  ENABLE_HOST_NOTIFICATIONS: "hostname",
  DISABLE_SVC_NOTIFICATIONS: "hostname service",
  ENABLE_SVC_NOTIFICATIONS: "hostname service",
};

const NUMBERS = new Set(["attempt", "start_time", "end_time", "fixed", "trigger_id", "duration"]);

/** Fields with text from people or plugins, which can contain semicolons. */
const TEXTS = new Set(["message", "comment", "check_result"]);

/** Log lines of Nagios. */
export const NAGIOS: Readonly<Record<string, string>> = {
  NAGIOSTIME: String.raw`\[%{NUMBER:nagios_epoch}\]`,
  NAGIOS_TYPE_EXTERNAL_COMMAND: "EXTERNAL COMMAND",
  ...tableOf(Object.keys(ENTRIES), (kind) => [`NAGIOS_TYPE_${kind}`, kind.replaceAll("_", " ")]),
  ...tableOf(Object.keys(COMMANDS), (command) => [`NAGIOS_EC_${command}`, command]),
  NAGIOS_EC_SCHEDULE_SERVICE_DOWNTIME: "SCHEDULE_SERVICE_DOWNTIME",
  NAGIOS_WARNING: "Warning:%{SPACE}%{GREEDYDATA:nagios_message}",
  ...tableOf(Object.entries(ENTRIES), ([kind, names]) => [
    `NAGIOS_${kind}`,
    `%{NAGIOS_TYPE_${kind}:nagios_type}: ${fields(names)}`,
  ]),
  ...tableOf(Object.entries(COMMANDS), ([command, names]) => [commandLine(command), commandPattern(command, names)]),
  NAGIOSLOGLINE: `%{NAGIOSTIME} (?:${[
    "NAGIOS_WARNING",
    ...Object.keys(ENTRIES).map((kind) => `NAGIOS_${kind}`),
    ...Object.keys(COMMANDS).map(commandLine),
  ]
    .map((name) => `%{${name}}`)
    .join("|")})`,
};

function tableOf<T>(items: readonly T[], entryOf: (item: T) => readonly [string, string]): Record<string, string> {
  return Object.fromEntries(items.map(entryOf));
}

function commandLine(command: string): string {
  return `NAGIOS_EC_LINE_${command}`;
}

function commandPattern(command: string, names: string): string {
  const head = `%{NAGIOS_TYPE_EXTERNAL_COMMAND:nagios_type}: %{NAGIOS_EC_${command}:nagios_command};`;
  const tail = command === "SCHEDULE_HOST_DOWNTIME" ? ";%{DATA:author};%{DATA:comment}" : "";
  // Commands for notifications have nothing after the last name.
  const isWhole = command.endsWith("NOTIFICATIONS");
  return head + fields(names, isWhole) + tail;
}

function fields(names: string, isLastGreedy = false): string {
  const all = names.split(" ");
  return all
    .map((name, index) => {
      const isGreedy = TEXTS.has(name) || (isLastGreedy && index === all.length - 1);
      return `%{${NUMBERS.has(name) ? "NUMBER" : isGreedy ? "GREEDYDATA" : "DATA"}:nagios_${name}}`;
    })
    .join(";");
}
