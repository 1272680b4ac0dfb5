import { formatDate } from "../dates/format";
import { parseDate } from "../dates/parse";
import { expression, type Definitions } from "../definition";
import { numberOf } from "../values";

const FORMAT = "yyyy-MM-dd HH:mm:ss";

/** Functions on dates; times are milliseconds since 1970. Fact: docs/design/facts/rules.md#dialect-dates. */
export const DATES: Definitions = {
  dt_str: expression("data format? zone?", (args) =>
    formatDate(parseDate(args.text("data"), "UTC"), args.text("format", FORMAT) || FORMAT, args.text("zone", "UTC")),
  ),
  dt_to_timestamp: expression("data zone?", (args) => BigInt(parseDate(args.text("data"), args.text("zone", "UTC")))),
  dt_from_timestamp: expression("data zone?", (args) =>
    formatDate(Number(numberOf(args.value("data"), "dt_from_timestamp")), FORMAT, args.text("zone", "UTC")),
  ),
  dt_now: expression("format? zone?", (args) =>
    formatDate(args.run.now(), args.text("format", FORMAT) || FORMAT, args.text("zone", "UTC")),
  ),
};
