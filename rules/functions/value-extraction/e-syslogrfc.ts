import type { BoundCall, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import { fail, isDict, type Value } from "../../run/values";
import { fieldNames, optionsOf, quoted, textOf } from "../common/options";

/** By PRI modulo 8. */
const SEVERITIES = [
  "Emergency: system is unusable",
  "Alert: action must be taken immediately",
  "Critical: critical conditions",
  "Error: error conditions",
  "Warning: warning conditions",
  "Notice: normal but significant condition",
  "Informational: informational messages",
  "Debug: debug-level messages",
];

/** By PRI divided by 8; both RFCs use the same names. */
const FACILITIES = [
  "kernel messages",
  "user-level messages",
  "mail system",
  "system daemons",
  "security/authorization messages",
  "messages generated internally by syslogd",
  "line printer subsystem",
  "network news subsystem",
  "UUCP subsystem",
  "clock daemon",
  "security/authorization messages",
  "FTP daemon",
  "NTP subsystem",
  "log audit",
  "log alert",
  "clock daemon",
  ...Array.from({ length: 8 }, (_, local) => `local use ${local} (local${local})`),
];

/** The standards that define priority names. */
export const RFCS: readonly string[] = ["SYSLOGRFC3164", "SYSLOGRFC5424"];

/** Splits a syslog priority; a field without one (0 to 191) leaves the event unchanged. */
export function syslogRfc(call: BoundCall): Step {
  const source = optionsOf(call, ["field"], ({ field }) => fieldNames("e_syslogrfc", "field", field));
  const names = optionsOf(call, ["rfc", "fields_info"], ({ rfc, fields_info }) => {
    if (typeof rfc !== "string" || !RFCS.includes(rfc))
      fail(`e_syslogrfc must get SYSLOGRFC3164 or SYSLOGRFC5424 as rfc, got ${quoted(rfc)}`, "rfc");
    return targetNames(fields_info);
  });
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const target = names(event, run);
    for (const field of source(event, run)) {
      const priority = priorityOf(event.get(field));
      if (priority === undefined) continue;
      write(event, target("_facility_"), String(priority >> 3));
      write(event, target("_severity_"), String(priority & 7));
      write(event, target("_severitylabel_"), SEVERITIES[priority & 7]);
      write(event, target("_facilitylabel_"), FACILITIES[priority >> 3]);
    }
    return event;
  };
}

function priorityOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*[0-9]{1,3}\s*$/.test(text)) return undefined;
  const priority = Number(text);
  return priority < FACILITIES.length * 8 ? priority : undefined;
}

function targetNames(renamed: Value): (name: string) => string {
  if (renamed === null) return (name) => name;
  if (!isDict(renamed))
    fail(`e_syslogrfc must get a dict of old and new names as fields_info, got ${quoted(renamed)}`, "fields_info");
  const names = new Map(Array.from(renamed, ([from, to]) => [textOf(from), textOf(to)] as const));
  return (name) => names.get(name) ?? name;
}
