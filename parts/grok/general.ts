/**
 * Words, numbers, names, paths, dates: the building blocks of all other patterns. Where the usual definitions use
 * look-around or atomic groups, these are equivalent without them, so that each matches in linear time.
 */
export const GENERAL: Readonly<Record<string, string>> = {
  USERNAME: "[a-zA-Z0-9._-]+",
  USER: "%{USERNAME}",
  EMAILLOCALPART: "[a-zA-Z][a-zA-Z0-9_.+-=:]+",
  EMAILADDRESS: "%{EMAILLOCALPART}@%{HOSTNAME}",
  HTTPDUSER: "%{EMAILADDRESS}|%{USER}",
  INT: "[+-]?[0-9]+",
  BASE10NUM: String.raw`[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)`,
  NUMBER: "%{BASE10NUM}",
  BASE16NUM: "[+-]?(?:0x)?[0-9A-Fa-f]+",
  BASE16FLOAT: String.raw`\b[+-]?(?:0x)?(?:[0-9A-Fa-f]+(?:\.[0-9A-Fa-f]*)?|\.[0-9A-Fa-f]+)\b`,
  POSINT: String.raw`\b[1-9][0-9]*\b`,
  NONNEGINT: String.raw`\b[0-9]+\b`,
  WORD: String.raw`\b\w+\b`,
  NOTSPACE: String.raw`\S+`,
  SPACE: String.raw`\s*`,
  DATA: ".*?",
  GREEDYDATA: ".*",
  QUOTEDSTRING: ['"', "'", "`"].map((quote) => String.raw`${quote}(?:\\.|[^\\${quote}])*${quote}`).join("|"),
  QS: "%{QUOTEDSTRING}",
  UUID: "[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}",
  CHINAID: chineseIdentity(),
  EXTRACTJSON: `(?P<json>${json(5)})`,

  MAC: "%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC}",
  CISCOMAC: String.raw`(?:[A-Fa-f0-9]{4}\.){2}[A-Fa-f0-9]{4}`,
  WINDOWSMAC: "(?:[A-Fa-f0-9]{2}-){5}[A-Fa-f0-9]{2}",
  COMMONMAC: "(?:[A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}",
  IPV4: ipv4(),
  IPV6: ipv6(),
  IP: "%{IPV6}|%{IPV4}",
  HOSTNAME: String.raw`\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*(?:\.?|\b)`,
  HOST: "%{HOSTNAME}",
  IPORHOST: "%{IP}|%{HOSTNAME}",
  HOSTPORT: "%{IPORHOST}:%{POSINT}",

  PATH: "%{UNIXPATH}|%{WINPATH}",
  UNIXPATH: String.raw`(?:/(?:[\w_%!$@:.,~-]+|\\.)*)+`,
  TTY: String.raw`/dev/(?:pts|tty[pq]?)(?:\w+)?/?[0-9]+`,
  WINPATH: String.raw`(?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+`,
  URIPROTO: String.raw`[A-Za-z]+(?:\+[A-Za-z+]+)?`,
  URIHOST: "%{IPORHOST}(?::%{POSINT:port})?",
  URIPATH: String.raw`(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%_\-]*)+`,
  URIPARAM: String.raw`\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\-\[\]<>]*`,
  URIPATHPARAM: "%{URIPATH}(?:%{URIPARAM})?",
  URI: "%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?",

  MONTH: String.raw`\b(?:${[
    "Jan(?:uary|uar)?",
    "Feb(?:ruary|ruar)?",
    "M(?:a|ä)?r(?:ch|z)?",
    "Apr(?:il)?",
    "Ma(?:y|i)?",
    "Jun(?:e|i)?",
    "Jul(?:y)?",
    "Aug(?:ust)?",
    "Sep(?:tember)?",
    "O(?:c|k)?t(?:ober)?",
    "Nov(?:ember)?",
    "De(?:c|z)(?:ember)?",
  ].join("|")})\b`,
  MONTHNUM: "0?[1-9]|1[0-2]",
  MONTHNUM2: "0[1-9]|1[0-2]",
  MONTHDAY: "0[1-9]|[12][0-9]|3[01]|[1-9]",
  DAY: ["Mon", "Tue(?:s)?", "Wed(?:nes)?", "Thu(?:rs)?", "Fri", "Sat(?:ur)?", "Sun"]
    .map((day) => `${day}(?:day)?`)
    .join("|"),
  YEAR: String.raw`(?:\d\d){1,2}`,
  HOUR: "2[0123]|[01]?[0-9]",
  MINUTE: "[0-5][0-9]",
  // 60 is a leap second.
  SECOND: "(?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?",
  TIME: "%{HOUR}:%{MINUTE}:%{SECOND}",
  DATE_US: "%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}",
  DATE_EU: "%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}",
  ISO8601_TIMEZONE: "Z|[+-]%{HOUR}(?::?%{MINUTE})",
  ISO8601_SECOND: "%{SECOND}|60",
  TIMESTAMP_ISO8601: "%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?",
  DATE: "%{DATE_US}|%{DATE_EU}",
  DATESTAMP: "%{DATE}[- ]%{TIME}",
  TZ: "[PMCE][SD]T|UTC",
  DATESTAMP_RFC822: "%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ}",
  DATESTAMP_RFC2822: "%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE}",
  DATESTAMP_OTHER: "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{TZ} %{YEAR}",
  DATESTAMP_EVENTLOG: "%{YEAR}%{MONTHNUM2}%{MONTHDAY}%{HOUR}%{MINUTE}%{SECOND}",
  HTTPDERROR_DATE: "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{YEAR}",
  HTTPDATE: "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}",

  SYSLOGTIMESTAMP: "%{MONTH} +%{MONTHDAY} %{TIME}",
  PROG: String.raw`[\x21-\x5a\x5c\x5e-\x7e]+`,
  SYSLOGPROG: String.raw`%{PROG:program}(?:\[%{POSINT:pid}\])?`,
  SYSLOGHOST: "%{IPORHOST}",
  SYSLOGFACILITY: "<%{NONNEGINT:facility}.%{NONNEGINT:priority}>",
  LOGLEVEL: logLevels(),

  SYSLOGBASE: "%{SYSLOGTIMESTAMP:timestamp} (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:logsource} %{SYSLOGPROG}:",
  COMMONAPACHELOG:
    String.raw`%{IPORHOST:clientip} %{HTTPDUSER:ident} %{USER:auth} \[%{HTTPDATE:timestamp}\] ` +
    '"(?:%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})" ' +
    "%{NUMBER:response} (?:%{NUMBER:bytes}|-)",
  COMBINEDAPACHELOG: "%{COMMONAPACHELOG} %{QS:referrer} %{QS:agent}",
  HTTPD20_ERRORLOG:
    String.raw`\[%{HTTPDERROR_DATE:timestamp}\] \[%{LOGLEVEL:loglevel}\] ` +
    String.raw`(?:\[client %{IPORHOST:clientip}\] )?%{GREEDYDATA:errormsg}`,
  HTTPD24_ERRORLOG:
    String.raw`\[%{HTTPDERROR_DATE:timestamp}\] \[%{WORD:module}:%{LOGLEVEL:loglevel}\] ` +
    String.raw`\[pid %{POSINT:pid}:tid %{NUMBER:tid}\]` +
    String.raw`(?: \(%{POSINT:proxy_errorcode}\)%{DATA:proxy_errormessage}:)?` +
    String.raw`(?: \[client %{IPORHOST:client}:%{POSINT:clientport}\])? %{DATA:errorcode}: %{GREEDYDATA:message}`,
  HTTPD_ERRORLOG: "%{HTTPD20_ERRORLOG}|%{HTTPD24_ERRORLOG}",
};

/** Longer numbers first, because nothing checks what follows the address. */
function ipv4(): string {
  const byte = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})";
  return `(?:${byte}[.]){3}${byte}`;
}

/** Eight groups of up to four digits, of which `::` can replace some; the last two can be written as an IPv4 address. */
function ipv6(): string {
  const group = "[0-9A-Fa-f]{1,4}";
  const byte = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
  const v4 = String.raw`${byte}(?:\.${byte}){3}`;
  const forms = [`(?:${group}:){7}(?:${group}|:)`, `(?:${group}:){6}(?::${group}|${v4}|:)`];
  for (let before = 5; before >= 0; before--) {
    const left = before === 0 ? ":" : `(?:${group}:){${before}}`;
    const most = 5 - before;
    const between = most === 0 ? "" : `(?::${group}){0,${most}}`;
    forms.push(`${left}(?:(?::${group}){1,${7 - before}}|${between}:${v4}|:)`);
  }
  return `(?:${forms.join("|")})(?:%.+)?`;
}

/** 18 digits, the last of which can be an X, or 15 of the older kind. */
function chineseIdentity(): string {
  const region = String.raw`[1-9]\d{5}`;
  const date = "(?:0[1-9]|1[0-2])(?:[0-2][1-9]|10|20|30|31)";
  return String.raw`${region}(?:18|19|[23]\d)\d{2}${date}\d{3}[0-9Xx]|${region}\d{2}${date}\d{3}`;
}

/** An object or a list, nested up to a depth; commas are optional. */
function json(depth: number): string {
  const text = String.raw`"(?:\\.|[^"\\])*"`;
  const scalar = String.raw`${text}|[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null`;
  let value = scalar;
  let container = "";
  for (let level = 0; level < depth; level++) {
    const members = String.raw`\{\s*(?:${text}\s*:\s*(?:${value})\s*,?\s*)*\}`;
    const items = String.raw`\[\s*(?:(?:${value})\s*,?\s*)*\]`;
    container = `${members}|${items}`;
    value = `${scalar}|${container}`;
  }
  return container;
}

function logLevels(): string {
  const levels = ["alert", "trace", "debug", "notice", "info", "warn?(?:ing)?", "err?(?:or)?", "crit?(?:ical)?"];
  const more = ["fatal", "severe", "emerg(?:ency)?"];
  return [...levels, ...more]
    .map((level) => `[${upper(level[0])}${level[0]}]${level.slice(1)}|${upper(level)}`)
    .join("|");
}

function upper(text: string): string {
  return text.toUpperCase();
}
