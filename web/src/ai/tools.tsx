/** What a model did for its answer: one line each, closed; what was changed can be taken back as a whole. */
import { useState } from "preact/hooks";
import { sketchPath } from "../app/router";
import type { RunInfo, ToolUse } from "../protocol/wire";
import type { State } from "../state";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { attempt } from "./asking";

const DID: Record<string, string> = {
  search_history: "Searched the channel",
  read_unread: "Read what was new",
  list_sketches: "Looked for sketches",
  read_sketch: "Looked at a sketch",
  create_sketch: "Made a sketch",
  draw_elements: "Drew on a sketch",
  connect_elements: "Drew arrows",
  update_elements: "Changed what was drawn",
  delete_elements: "Deleted from a sketch",
  layout_elements: "Arranged what was drawn",
};

const SKETCH = /"sketch_id"\s*:\s*"?(\d{1,16})/;

interface ToolsProps {
  run: RunInfo;
  channelId: number;
  state: State;
  mayUndo: boolean;
}

export function Tools({ run, channelId, state, mayUndo }: ToolsProps) {
  const tools = run.tools ?? [];
  if (!tools.length) return null;
  const undoable = tools.filter(({ undo }) => undo);
  const left = undoable.find(({ undone }) => !undone);
  return (
    <ul class="answer-tools" aria-label="What the assistant did">
      {tools.map((tool, index) => (
        <li key={index}>
          <Tool tool={tool} channelId={channelId} />
        </li>
      ))}
      {!left && tools.some(({ undone }) => undone) && <li class="answer-undone">What it drew was taken back.</li>}
      {left?.undo && mayUndo && run.status !== "running" && (
        <li>
          <Undo path={left.undo} state={state} />
        </li>
      )}
    </ul>
  );
}

function Tool({ tool, channelId }: { tool: ToolUse; channelId: number }) {
  const sketch = SKETCH.exec(tool.arguments)?.[1];
  return (
    <details class="answer-tool">
      <summary>
        <Icon name={tool.is_ok ? (tool.writes ? "edit" : "check") : "alert"} />
        <span>{toolWords(tool)}</span>
        <Icon name="down" />
      </summary>
      <dl>
        <dt>Tool</dt>
        <dd dir="auto">{tool.name}</dd>
        <dt>With</dt>
        <dd>
          <code dir="auto">{tool.arguments || "nothing"}</code>
        </dd>
        <dt>Result</dt>
        <dd>{tool.is_ok ? (tool.undone ? "Done, and taken back" : "Done") : "Refused"}</dd>
      </dl>
      {sketch && <a href={sketchPath(channelId, Number(sketch))}>Open the sketch</a>}
    </details>
  );
}

/** A tool that nobody knows here is called by its name. */
export function toolWords({ name, is_ok }: ToolUse): string {
  const plain = name.replaceAll("_", " ").trim() || "tool";
  const words = DID[name] ?? plain.charAt(0).toLocaleUpperCase() + plain.slice(1);
  return is_ok ? words : `${words}: refused`;
}

/** All of the answer at once; the others see it taken back, too. */
function Undo({ path, state }: { path: string; state: State }) {
  const [isBusy, setBusy] = useState(false);
  const takeBack = async () => {
    setBusy(true);
    if (await attempt(state.ai.undo(path), state)) notify("What the assistant drew was taken back");
    setBusy(false);
  };
  return (
    <Button icon="undo" busy={isBusy} onClick={() => void takeBack()}>
      Undo what it drew
    </Button>
  );
}
