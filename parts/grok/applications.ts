/** Log lines of applications and languages. */
export const APPLICATIONS: Readonly<Record<string, string>> = {
  JAVACLASS: String.raw`(?:[a-zA-Z0-9-]+\.)+[A-Za-z0-9$]+`,
  JAVAFILE: "[A-Za-z0-9_.-]+",
  JAVAMETHOD: "<init>|[a-zA-Z$_][a-zA-Z$_0-9]*",
  JAVASTACKTRACEPART: String.raw`%{SPACE}at %{JAVACLASS:class}\.%{JAVAMETHOD:method}\((?P<file>[A-Za-z0-9_. -]+)(?::%{NUMBER:line})?\)`,
  JAVATHREAD: String.raw`[A-Z]{2}-Processor[\d]+`,
  JAVALOGMESSAGE: ".*",
  CATALINA_DATESTAMP: "%{MONTH} %{MONTHDAY}, 20%{YEAR} %{HOUR}:?%{MINUTE}(?::?%{SECOND}) (?:AM|PM)",
  TOMCAT_DATESTAMP: "20%{YEAR}-%{MONTHNUM}-%{MONTHDAY} %{HOUR}:?%{MINUTE}(?::?%{SECOND}) %{ISO8601_TIMEZONE}",
  CATALINALOG: "%{CATALINA_DATESTAMP:timestamp} %{JAVACLASS:class} %{JAVALOGMESSAGE:logmessage}",
  TOMCATLOG: String.raw`%{TOMCAT_DATESTAMP:timestamp} \| %{LOGLEVEL:level} \| %{JAVACLASS:class} - %{JAVALOGMESSAGE:logmessage}`,

  MONGO_LOG: String.raw`%{SYSLOGTIMESTAMP:timestamp} \[%{WORD:component}\] %{GREEDYDATA:message}`,
  MONGO_QUERY: String.raw`\{ .* \}`,
  MONGO_SLOWQUERY:
    String.raw`%{WORD} %{MONGO_WORDDASH:database}\.%{MONGO_WORDDASH:collection} %{WORD}: %{MONGO_QUERY:query} ` +
    "%{WORD}:%{NONNEGINT:ntoreturn} %{WORD}:%{NONNEGINT:ntoskip} %{WORD}:%{NONNEGINT:nscanned}.*" +
    "nreturned:%{NONNEGINT:nreturned}..+ (?P<duration>[0-9]+)ms",
  MONGO_WORDDASH: String.raw`\b[\w-]+\b`,
  MONGO3_SEVERITY: String.raw`\w`,
  MONGO3_COMPONENT: "%{WORD}|-",
  MONGO3_LOG:
    "%{TIMESTAMP_ISO8601:timestamp} %{MONGO3_SEVERITY:severity} %{MONGO3_COMPONENT:component}%{SPACE}" +
    String.raw`(?:\[%{DATA:context}\])? %{GREEDYDATA:message}`,
  POSTGRESQL: "%{DATESTAMP:timestamp} %{TZ} %{DATA:user_id} %{GREEDYDATA:connection_id} %{POSINT:pid}",
  REDISTIMESTAMP: "%{MONTHDAY} %{MONTH} %{TIME}",
  REDISLOG: String.raw`\[%{POSINT:pid}\] %{REDISTIMESTAMP:timestamp} \*`,

  RUUID: "[0-9A-Fa-f]{32}",
  RCONTROLLER: String.raw`(?P<controller>[^#]+)#(?P<action>\w+)`,
  RAILS3HEAD:
    'Started %{WORD:verb} "%{URIPATHPARAM:request}" for %{IPORHOST:clientip} at ' +
    "(?P<timestamp>%{YEAR}-%{MONTHNUM}-%{MONTHDAY} %{HOUR}:%{MINUTE}:%{SECOND} %{ISO8601_TIMEZONE})",
  RPROCESSING: String.raw`\W*Processing by %{RCONTROLLER} as (?P<format>\S+)(?:\W*Parameters: \{%{DATA:params}\}\W*)?`,
  RAILS3FOOT: "Completed %{NUMBER:response}%{DATA} in %{NUMBER:totalms}ms %{RAILS3PROFILE}%{GREEDYDATA}",
  RAILS3PROFILE:
    String.raw`(?:\(Views: %{NUMBER:viewms}ms \| ActiveRecord: %{NUMBER:activerecordms}ms|` +
    String.raw`\(ActiveRecord: %{NUMBER:activerecordms}ms)?`,
  RAILS3: String.raw`%{RAILS3HEAD}(?:%{RPROCESSING})?(?P<context>(?:%{DATA}\n)*)(?:%{RAILS3FOOT})?`,
  RUBY_LOGLEVEL: "DEBUG|FATAL|ERROR|WARN|INFO",
  RUBY_LOGGER:
    String.raw`[DFEWI], \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid}\] *%{RUBY_LOGLEVEL:loglevel} -- +` +
    "%{DATA:progname}: %{GREEDYDATA:message}",
  MCOLLECTIVE: String.raw`., \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid}\]%{SPACE}%{LOGLEVEL:event_level}`,
  MCOLLECTIVEAUDIT: "%{TIMESTAMP_ISO8601:timestamp}:",

  EXIM_MSGID: "[0-9A-Za-z]{6}-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}",
  EXIM_FLAGS: "<=|[-=>*]>|[*]{2}|==",
  EXIM_DATE: "%{YEAR:exim_year}-%{MONTHNUM:exim_month}-%{MONTHDAY:exim_day} %{TIME:exim_time}",
  EXIM_PID: String.raw`\[%{POSINT}\]`,
  EXIM_QT: [..."ywdhms"].map((unit) => String.raw`(?:\d+${unit})?`).join(""),
  EXIM_EXCLUDE_TERMS: [
    "Message is frozen",
    "(?:Start|End) queue run",
    " Warning: ",
    " retry time not reached ",
    " no (?:IP address|host name) found for (?:IP address|host) ",
    " unexpected disconnection while reading SMTP command ",
    " no immediate delivery: ",
    "another process is handling this message",
  ].join("|"),
  EXIM_REMOTE_HOST: String.raw`H=(?:%{NOTSPACE:remote_hostname} )?(?:\(%{NOTSPACE:remote_heloname}\) )?\[%{IP:remote_host}\]`,
  EXIM_INTERFACE: String.raw`I=\[%{IP:exim_interface}\](?::%{NUMBER:exim_interface_port})`,
  EXIM_PROTOCOL: "P=%{NOTSPACE:protocol}",
  EXIM_MSG_SIZE: "S=%{NUMBER:exim_msg_size}",
  EXIM_HEADER_ID: "id=%{NOTSPACE:exim_header_id}",
  EXIM_SUBJECT: "T=%{QS:exim_subject}",
};
