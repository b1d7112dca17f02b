/** What one has used of the AI, what is left, and when it begins anew. */
import { useEffect, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Allowance, UsageReport } from "../protocol/wire";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { count } from "../words";
import { aiWords, momentWords } from "./words";

const WHOSE: Record<string, string> = { user: "You", channel: "This channel", workspace: "Everybody here" };
const number = new Intl.NumberFormat();

export function Usage() {
  const state = useChalkline();
  const [report, setReport] = useState<UsageReport | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    state.ai.usage().then(setReport, (error) => setWrong(aiWords(asFault(error), state)));
  }, []);
  return (
    <Dialog title="What the assistant has used" onClose={closeOverlay}>
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!report && !wrong && <Loading />}
      {report && (
        <div class="ai-usage">
          {report.allowances.map((one) => (
            <Use key={`${one.scope} ${one.period}`} allowance={one} />
          ))}
          <p class="soft">
            {count(report.running, "answer")} of yours under way; {report.most_at_once} at once are possible. A token is
            about three quarters of a word.
          </p>
        </div>
      )}
    </Dialog>
  );
}

function Use({ allowance }: { allowance: Allowance }) {
  const { scope, period, limit, cost, prompt_tokens, completion_tokens, resets_at } = allowance;
  const used = prompt_tokens + completion_tokens;
  const title = `${WHOSE[scope] ?? scope}, ${period === "day" ? "today" : "this month"}`;
  return (
    <section>
      <h3>{title}</h3>
      <p>
        {number.format(used)} {limit === null ? "tokens, without a limit" : `of ${number.format(limit)} tokens`}
        {cost > 0 && ` · cost ${number.format(cost)}`}
      </p>
      {limit !== null && (
        <>
          <meter
            min={0}
            max={Math.max(1, limit)}
            high={limit * 0.85}
            optimum={0}
            value={Math.min(used, limit)}
            aria-label={title}
          />
          <p class="soft">Begins anew {momentWords(new Date(resets_at))}</p>
        </>
      )}
    </section>
  );
}
