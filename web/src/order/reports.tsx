/** Reports, the newest first: what was reported, why and by whom; and what is done about it. */
import { useCallback, useMemo, useState } from "preact/hooks";
import { channelPath, messagePath } from "../app/router";
import { useChalkline } from "../app/state";
import { MessageCard } from "../chat/message-card";
import type { Report } from "../protocol/wire";
import type { JoinedChannel } from "../state";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { Menu } from "../ui/menu";
import { Pages } from "../ui/pages";
import { ago, fullTime } from "../ui/time";
import { hide, restraints } from "./register";
import { keepsOrder, mayRestrain } from "./rights";
import { REASONS, STATES } from "./words";

interface ReportsProps {
  /** Null: of all channels. */
  channelId: number | null;
  state: Report["state"] | undefined;
  mark: number;
}

export function Reports({ channelId, state: wanted, mark }: ReportsProps) {
  const { order } = useChalkline();
  const load = useCallback(
    (cursor: string | null) => order.reports({ channelId, state: wanted, cursor }),
    [order, channelId, wanted, mark],
  );
  return (
    <Pages
      label="Reports"
      look="cards reports"
      load={load}
      idOf={(report) => report.id}
      row={(report, replace) => (
        <ReportCard
          report={report}
          where={channelId === null}
          onChanged={(changed) => replace(wanted && changed.state !== wanted ? null : changed)}
        />
      )}
      none={
        <Empty icon="shield" title={wanted === "open" ? "Nothing to look at" : "No reports"}>
          <p>What people report to the moderators stands here.</p>
        </Empty>
      }
    />
  );
}

interface CardProps {
  report: Report;
  /** Says in which channel. */
  where: boolean;
  onChanged: (report: Report) => void;
}

function ReportCard({ report, where, onChanged }: CardProps) {
  const { users, channels } = useChalkline();
  const channel = channels.get(report.channel_id).value;
  return (
    <section class="report" aria-label={`${REASONS[report.reason]}, reported by ${users.name(report.reporter_id)}`}>
      <header class="report-head">
        <span class="badge badge-danger">{REASONS[report.reason]}</span>
        {report.state !== "open" && <span class="badge">{STATES[report.state]}</span>}
        <time class="soft" dateTime={report.created_at} title={fullTime(report.created_at)}>
          {ago(report.created_at)}
        </time>
      </header>
      <p class="report-by">
        <bdi>{users.name(report.reporter_id)}</bdi> reported this
        {where && (
          <>
            {" in "}
            <a href={channelPath(report.channel_id, report.message_seq)}>
              {channel ? `#${channels.title(channel)}` : `channel ${report.channel_id}`}
            </a>
          </>
        )}
        {report.note && (
          <>
            : <q dir="auto">{report.note}</q>
          </>
        )}
      </p>
      {channel && <Reported report={report} channel={channel} onChanged={onChanged} />}
      {report.resolved_by !== null && report.state !== "open" && (
        <p class="report-by soft">
          {STATES[report.state]} by <bdi>{users.name(report.resolved_by)}</bdi>
          {report.resolution && (
            <>
              : <q dir="auto">{report.resolution}</q>
            </>
          )}
        </p>
      )}
    </section>
  );
}

interface ReportedProps {
  report: Report;
  channel: JoinedChannel;
  onChanged: (report: Report) => void;
}

/** The message itself, for who is in its channel; and what may be done. */
function Reported({ report, channel, onChanged }: ReportedProps) {
  const state = useChalkline();
  const { channel_id, message_seq } = report;
  const message = useMemo(() => state.messages.get(channel_id, message_seq), [state, channel_id, message_seq]).value;
  const [ending, setEnding] = useState<"resolved" | "dismissed" | null>(null);
  const submission = useSubmission();
  const reopen = () => void submission.run(async () => onChanged(await state.order.resolve(report, "open", "")));
  const role = state.channels.members(channel.id).value?.find((one) => one.user_id === message?.author_id)?.role;
  const items =
    message && mayRestrain(channel, message.author_id, role, state)
      ? restraints(channel, message.author_id, state.users.name(message.author_id))
      : [];
  return (
    <>
      {message && <MessageCard message={message} href={messagePath(message)} />}
      {message === null && <p class="message-gone">The message could not be loaded.</p>}
      {ending ? (
        <Ending report={report} to={ending} onEnd={() => setEnding(null)} onChanged={onChanged} />
      ) : (
        keepsOrder(channel, state) && (
          <div class="report-actions">
            {report.state === "open" ? (
              <>
                <Button look="primary" onClick={() => setEnding("resolved")}>
                  Resolve
                </Button>
                <Button onClick={() => setEnding("dismissed")}>Dismiss</Button>
              </>
            ) : (
              <Button busy={submission.busy} onClick={reopen}>
                Open again
              </Button>
            )}
            {message && !message.deleted_at && !channel.archived_at && (
              <Button icon="eyeOff" onClick={() => void hide(state, channel_id, message_seq, !message.hidden_at)}>
                {message.hidden_at ? "Show" : "Hide"}
              </Button>
            )}
            {items.length > 0 && (
              <Menu label={`What to do about ${state.users.name(message!.author_id)}`} items={items}>
                <Icon name="more" />
              </Menu>
            )}
          </div>
        )
      )}
    </>
  );
}

interface EndingProps {
  report: Report;
  to: "resolved" | "dismissed";
  onEnd: () => void;
  onChanged: (report: Report) => void;
}

function Ending({ report, to, onEnd, onChanged }: EndingProps) {
  const { order } = useChalkline();
  const submission = useSubmission();
  const [note, setNote] = useState("");
  const save = async () => {
    const changed = await order.resolve(report, to, note.trim());
    announce(`Report ${to}`);
    onEnd();
    onChanged(changed);
  };
  return (
    <Form submission={submission} onSubmit={save} fields={["note"]}>
      <Field
        label="Note for the other moderators"
        hint="You can leave this out."
        value={note}
        maxLength={500}
        autoFocus
        autoComplete="off"
        error={submission.wrong("note")}
        onInput={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          onEnd();
        }}
      />
      <div class="report-actions">
        <Button type="submit" look="primary" busy={submission.busy}>
          {to === "resolved" ? "Resolve" : "Dismiss"}
        </Button>
        <Button onClick={onEnd}>Cancel</Button>
      </div>
    </Form>
  );
}
