import { useState } from "preact/hooks";
import type { TrialReport, TrialStep } from "../cli/page/items";
import { ask } from "./connection";
import { useSlice } from "./use-slice";

const STAGES: Readonly<Record<TrialStep["stage"], string>> = {
  parser: "Parser",
  rules: "Rules",
  code: "Your code",
  output: "Output",
};

/** A box for a log line, which shows step by step what a function would do with it. */
export function Trial() {
  const { actions } = useSlice("state").state;
  const { trials = [], feed = [] } = actions ?? {};
  const [name, setName] = useState("");
  const [topic, setTopic] = useState("");
  const [text, setText] = useState("");
  const [report, setReport] = useState<TrialReport>();
  const [told, setTold] = useState("");
  const chosen = name || trials[0]?.id;
  const target = topic || feed[0];

  const tryOut = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTold("");
    try {
      setReport(await ask<TrialReport>("/try", { function: chosen, text }));
    } catch (error) {
      setReport(undefined);
      setTold((error as Error).message);
    }
  };
  const send = async (): Promise<void> => {
    try {
      await ask("/feed", { topic: target, text });
      setTold(`Sent to ${target}.`);
    } catch (error) {
      setTold((error as Error).message);
    }
  };

  if (trials.length === 0 && feed.length === 0) return <p class="empty">There is no pipeline to try a line with.</p>;
  return (
    <form onSubmit={(event) => void tryOut(event)}>
      <label>
        A log line, as it is in the topic or the file
        <textarea
          rows={4}
          value={text}
          spellcheck={false}
          placeholder='{"status": "502", "path": "/pay"}'
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div class="bar">
        {trials.length > 0 && (
          <>
            <label>
              <span class="hidden">Function</span>
              <select value={chosen} onChange={(event) => setName(event.currentTarget.value)}>
                {trials.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
            </label>
            <button type="submit" disabled={text.trim() === ""}>
              Try it
            </button>
          </>
        )}
        {feed.length > 0 && (
          <>
            <label>
              <span class="hidden">Topic</span>
              <select value={target} onChange={(event) => setTopic(event.currentTarget.value)}>
                {feed.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" disabled={text.trim() === ""} onClick={() => void send()}>
              Send into the topic
            </button>
          </>
        )}
      </div>
      <p role="status">{told}</p>
      {report && (
        <ol class="steps" aria-label="How the line is processed">
          {report.steps.map((step, index) => (
            <Step key={index} step={step} />
          ))}
        </ol>
      )}
    </form>
  );
}

function Step({ step }: { step: TrialStep }) {
  return (
    <li class={`step ${step.stage} ${step.isFailure ? "failure" : ""}`}>
      <p class="hint">
        {STAGES[step.stage]}
        {step.line !== undefined && `, line ${step.line}`}
      </p>
      <p>
        <strong>{step.title}</strong>
      </p>
      {step.code !== undefined && <pre>{step.code}</pre>}
      {step.changes.length > 0 && (
        <ul class="changes">
          {step.changes.map(({ sign, name, value }) => (
            <li key={`${sign}${name}`} class={CHANGES[sign]}>
              <span aria-label={CHANGES[sign]}>{sign}</span> <b>{name}</b> {value}
            </li>
          ))}
        </ul>
      )}
      {step.remark && <p class="hint">{step.remark}</p>}
    </li>
  );
}

const CHANGES = { "+": "new", "~": "other", "-": "gone", " ": "same" } as const;
