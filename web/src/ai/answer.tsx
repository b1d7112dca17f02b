/** An answer: what it says as it comes, what the model did for it, how it ended, and what may be done about it. */
import type { BodyProps } from "../chat/features";
import type { RunInfo } from "../protocol/wire";
import type { State } from "../state";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { count } from "../words";
import { attempt, mayStop } from "./asking";
import { BranchSteps } from "./branch-steps";
import { Streamed } from "./streamed";
import { Tools } from "./tools";
import { endWords } from "./words";

export function Answer({ message, state }: BodyProps) {
  const run = message.ai;
  const channel = state.channels.get(message.channel_id).value;
  const isRunning = run?.status === "running";
  const isMine = mayStop(message, channel, state);
  return (
    <div class={`answer is-${run?.status ?? "done"}`}>
      {isRunning && !message.text && <Thinking />}
      <Streamed text={message.text} reader={state.session.me.value?.username} isRunning={isRunning} />
      {run && <Tools run={run} channelId={message.channel_id} state={state} mayUndo={isMine} />}
      {run && !isRunning && <Ending run={run} state={state} mayGoOn={isMine} />}
      {run && (
        <footer class="answer-foot">
          {isRunning && isMine && (
            <button type="button" class="answer-stop" onClick={() => void attempt(state.ai.stop(run.run_id), state)}>
              <Icon name="stop" /> Stop
            </button>
          )}
          <BranchSteps message={message} state={state} />
          <Details run={run} state={state} />
        </footer>
      )}
    </div>
  );
}

function Thinking() {
  return (
    <p class="answer-thinking">
      <span class="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      Thinking…
    </p>
  );
}

/** Which model it was, who else asked, and what it took. */
function Details({ run, state }: { run: RunInfo; state: State }) {
  const { usage, left_out } = run;
  const isOwn = run.asked_by === state.session.me.value?.id;
  const tokens = usage && usage.prompt_tokens + usage.completion_tokens;
  return (
    <p class="answer-details">
      <span dir="auto">{run.model}</span>
      {!isOwn && (
        <span>
          asked by <bdi>{state.users.name(run.asked_by)}</bdi>
        </span>
      )}
      {tokens !== undefined && (
        <span>
          {usage?.is_estimated && "about "}
          {count(tokens, "token")}
        </span>
      )}
      {!!left_out && <span>{count(left_out, "earlier message")} did not fit</span>}
    </p>
  );
}

/** An answer that isn't whole says so, and offers the way on. */
function Ending({ run, state, mayGoOn }: { run: RunInfo; state: State; mayGoOn: boolean }) {
  const words = endWords(run);
  if (!words) return null;
  const isWhole = run.status === "done";
  return (
    <div class={`answer-ending${run.status === "failed" ? " is-wrong" : ""}`}>
      <p>
        {!isWhole && <Icon name={run.status === "stopped" ? "stop" : "alert"} />}
        {words}
      </p>
      {!isWhole && mayGoOn && (
        <Button look="quiet" icon="right" onClick={() => attempt(state.ai.goOn(run.run_id), state)}>
          Continue
        </Button>
      )}
      {!isWhole && (
        <Button look="quiet" icon="redo" onClick={() => attempt(state.ai.again(run.run_id), state)}>
          Try again
        </Button>
      )}
    </div>
  );
}
