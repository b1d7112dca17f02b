/** Who did what to whom: the newest first, narrowed down by what one looks for. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { AuditQuery, Deed } from "../protocol/wire";
import type { State } from "../state";
import { Button } from "../ui/button";
import { Loading } from "../ui/empty";
import { Field, Select } from "../ui/field";
import { ago, fullTime } from "../ui/time";
import { faultWords } from "../words";

/** What is said before the name of whom it was done to, if anybody. In the order in which one looks for it. */
const ACTIONS: Record<string, string> = {
  "channel.created": "made a channel",
  "channel.updated": "changed a channel",
  "channel.deleted": "deleted a channel",
  "member.joined": "brought in",
  "member.left": "removed",
  "member.changed": "changed the role of",
  "message.deleted": "deleted a message of",
  "user.updated": "changed the account of",
  "user.deleted": "deleted the account of",
  "message.hidden": "hid a message of",
  "message.shown": "showed again a message of",
  "member.muted": "muted",
  "member.unmuted": "lifted the mute of",
  "member.banned": "banned from a channel",
  "member.unbanned": "lifted a channel’s ban of",
  "report.resolved": "dealt with a report",
  "user.banned": "banned from the workspace",
  "user.unbanned": "lifted the workspace’s ban of",
  "hook.created": "made a webhook",
  "hook.updated": "changed a webhook",
  "hook.deleted": "deleted a webhook",
  "bot.created": "made the bot",
  "token.created": "made a token of",
  "token.revoked": "revoked a token of",
  "command.created": "made a slash command",
  "command.updated": "changed a slash command",
  "command.deleted": "deleted a slash command",
};

const PAUSE_MS = 300;

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export function Audit() {
  const { admin, users } = useChalkline();
  const [actor, setActor] = useState("");
  const [action, setAction] = useState("");
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [deeds, setDeeds] = useState<readonly Deed[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const [isBusy, setBusy] = useState(false);
  const asked = useRef(0);

  const load = useCallback(
    async (from: string | null) => {
      const number = ++asked.current;
      setBusy(true);
      try {
        const actor_id = await idOf(users, actor);
        const query: AuditQuery = {
          ...(actor_id === null ? {} : { actor_id }),
          ...(action ? { action } : {}),
          ...(since ? { since: midnight(since, 0) } : {}),
          ...(until ? { until: midnight(until, 1) } : {}),
          cursor: from,
        };
        const page = actor_id === 0 ? { items: [], next_cursor: null } : await admin.audit(query);
        if (number !== asked.current) return;
        setDeeds((before) => (from && before ? [...before, ...page.items] : page.items));
        setCursor(page.next_cursor);
        setWrong("");
      } catch (error) {
        if (number === asked.current) setWrong(faultWords(asFault(error)));
      } finally {
        if (number === asked.current) setBusy(false);
      }
    },
    [admin, users, actor, action, since, until],
  );
  useEffect(() => {
    const timer = setTimeout(() => void load(null), actor ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [load, actor]);

  return (
    <div class="paged">
      <div class="audit-filters">
        <Field
          label="Who did it"
          placeholder="Username"
          autoComplete="off"
          maxLength={32}
          value={actor}
          onInput={(event) => setActor(event.currentTarget.value)}
        />
        <Select
          label="What"
          value={action}
          onChange={setAction}
          options={[
            { value: "", label: "Anything" },
            ...Object.entries(ACTIONS).map(([value, label]) => ({ value, label: capital(label) })),
          ]}
        />
        <Field label="From" type="date" value={since} onInput={(event) => setSince(event.currentTarget.value)} />
        <Field label="Until" type="date" value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
      </div>
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!deeds && !wrong && <Loading label="Loading the audit log" />}
      {deeds?.length === 0 && <p class="soft">Nothing of this kind happened.</p>}
      <ul class="rows" aria-label="What was done">
        {deeds?.map((deed) => (
          <li key={deed.id}>
            <DeedRow deed={deed} />
          </li>
        ))}
      </ul>
      {cursor && (
        <Button busy={isBusy} onClick={() => void load(cursor)}>
          Show more
        </Button>
      )}
    </div>
  );
}

function DeedRow({ deed }: { deed: Deed }) {
  const { users, channels } = useChalkline();
  const channel = deed.channel_id === null ? undefined : channels.get(deed.channel_id).value;
  const where = deed.channel_id === null ? "" : channel ? `#${channels.title(channel)}` : `channel ${deed.channel_id}`;
  return (
    <div class="row deed">
      <div class="row-text">
        <span class="row-title">
          <span>
            <strong dir="auto">{users.name(deed.actor_id)}</strong> {ACTIONS[deed.action] ?? deed.action}{" "}
            {deed.user_id !== null && <strong dir="auto">{users.name(deed.user_id)}</strong>}
          </span>
        </span>
        <p class="row-note" dir="auto">
          {[where, details(deed), deed.address ?? ""].filter(Boolean).join(" · ")}
        </p>
      </div>
      <time class="soft" dateTime={deed.created_at} title={fullTime(deed.created_at)}>
        {ago(deed.created_at)}
      </time>
    </div>
  );
}

const details = ({ detail }: Deed): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== null && value !== "")
    .map(
      ([name, value]) => `${name.replaceAll("_", " ")}: ${typeof value === "object" ? JSON.stringify(value) : value}`,
    )
    .join(", ");

/** Null: nobody was named; 0: nobody has this name. */
async function idOf(users: State["users"], name: string): Promise<number | null> {
  const sought = name.trim().replace(/^@/, "").toLocaleLowerCase();
  if (!sought) return null;
  const { items } = await users.search(sought);
  return (items.find(({ username }) => username.toLocaleLowerCase() === sought) ?? items[0])?.id ?? 0;
}

/** Where a day begins by the clock here, so many days later. */
function midnight(day: string, days: number): string {
  const at = new Date(`${day}T00:00`);
  at.setDate(at.getDate() + days);
  return at.toISOString();
}
