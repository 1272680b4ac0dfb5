import { writeFileSync } from "node:fs";
import { Checks, shown } from "../errors";
import { Annotations, TerraformResource, TerraformStack, type IAspect, type IConstruct } from "../framework";
import { knownAtSynth, oneOf, text } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { CHECK_IDS, type CheckId, type Finding } from "./finding";
import { look } from "./resources";

/** Props of {@link LogPipelineChecks}. */
export interface LogPipelineChecksProps {
  /**
   * How findings that are not suppressed are reported at synth. `error` makes synth fail; `none` only writes them to
   * the report.
   * @default "warning"
   */
  readonly level?: "warning" | "error" | "none";
  /**
   * File to write all findings to as JSON, including suppressed ones; its path is relative to where synth runs. Synth
   * with `skipValidation` does not write it.
   * @default none
   */
  readonly reportFile?: string;
}

const PROPS: PropTable<LogPipelineChecksProps> = {
  level: knownAtSynth(oneOf(["warning", "error", "none"], "leave it out for warning", "LOGS_CHECK_LEVEL")),
  reportFile: knownAtSynth(text),
};

const checkId = knownAtSynth(oneOf(CHECK_IDS, "copy it from the finding", "LOGS_CHECK_ID"));

/** Type of the construct metadata that stores a suppression. */
const SUPPRESSED = "cdktf-tencent-logs:suppressed-check";

interface Suppression {
  readonly id: CheckId;
  readonly reason: string;
}

/**
 * Checks a stack for risks such as public buckets or overly broad permissions, in the package's constructs and in plain
 * resources. It is an aspect: add it to each stack with `Aspects.of(stack).add(checks)`. The framework does not call
 * aspects that are added to an app.
 */
export class LogPipelineChecks implements IAspect {
  /**
   * Suppresses a finding at a construct and everything below it. The report contains the reason.
   *
   * @param id the check to suppress, one of the identifiers in findings
   * @param reason why the finding is acceptable, at least ten characters: future readers need the explanation
   * @throws LogsError if the id is unknown or the reason is too short
   */
  static suppress(construct: IConstruct, id: CheckId, reason: string): void {
    const checks = new Checks("LogPipelineChecks.suppress");
    readArgument(checks, "id", checkId, id);
    readArgument(checks, "reason", knownAtSynth(text), reason);
    checks
      .that(
        reason.trim().length >= MIN_REASON,
        "LOGS_CHECK_REASON",
        () => `reason must have at least ${MIN_REASON} characters, got ${shown(reason)}; say why it is right here`,
      )
      .throwIfAny();
    const suppression: Suppression = { id, reason };
    construct.node.addMetadata(SUPPRESSED, suppression);
  }

  private readonly props: LogPipelineChecksProps;
  private readonly found: Finding[] = [];
  private readonly seenStacks = new Set<TerraformStack>();

  constructor(given: LogPipelineChecksProps = {}) {
    const checks = new Checks("new LogPipelineChecks");
    this.props = readProps(checks, PROPS, given);
    checks.throwIfAny();
  }

  /** The findings so far; complete when the app has been synthesized. */
  get findings(): readonly Finding[] {
    return this.found;
  }

  /** Called by the framework for each construct. */
  visit(node: IConstruct): void {
    if (this.props.reportFile !== undefined) this.reportOn(TerraformStack.of(node), this.props.reportFile);
    if (!TerraformResource.isTerraformResource(node)) return;
    for (const { id, cause, remedy } of look(node)) {
      const { path } = node.node;
      const suppressed = suppressionOf(node, id);
      this.found.push({ id, path, cause, remedy, ...(suppressed && { suppressed }) });
      if (suppressed === undefined) this.tell(node, `${cause}; ${remedy} (${id})`);
    }
  }

  private tell(node: IConstruct, message: string): void {
    const { level = "warning" } = this.props;
    if (level === "error") Annotations.of(node).addError(message);
    else if (level === "warning") Annotations.of(node).addWarning(message);
  }

  /**
   * The framework validates a stack after its aspects have visited all of it. The report of each stack also contains
   * the findings of the stacks before it.
   */
  private reportOn(stack: TerraformStack, file: string): void {
    if (this.seenStacks.has(stack)) return;
    this.seenStacks.add(stack);
    stack.node.addValidation({
      validate: () => {
        writeFileSync(file, `${JSON.stringify({ version: 1, findings: this.found }, null, 2)}\n`);
        return [];
      },
    });
  }
}

const MIN_REASON = 10;

function suppressionOf(node: IConstruct, id: CheckId): string | undefined {
  for (const scope of [...node.node.scopes].reverse()) {
    const kept = scope.node.metadata.find(({ type, data }) => type === SUPPRESSED && (data as Suppression).id === id);
    if (kept) return (kept.data as Suppression).reason;
  }
  return undefined;
}
