/** The tokens of a bot: what each opens, when it was used, and ending it. */
import { useEffect, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Bot, BotToken } from "../protocol/wire";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { Checks, Field, Select } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { ago, dateOf } from "../ui/time";
import { faultWords } from "../words";
import { Secret } from "./secret";
import { wrongIn } from "./words";

type Scope = BotToken["scopes"][number];

const SCOPES: readonly { value: Scope; label: string }[] = [
  { value: "read", label: "Read what it may see" },
  { value: "post", label: "Post, edit, react, run commands, join" },
  { value: "sketch", label: "Make and draw sketches" },
  { value: "manage", label: "Change channels, members and webhooks" },
];
const TERMS = [
  { value: "0", label: "Until it is revoked" },
  { value: "24", label: "1 day" },
  { value: "720", label: "30 days" },
  { value: "8760", label: "1 year" },
];

export function BotTokens({ bot, isNew = false }: { bot: Bot; isNew?: boolean }) {
  const { programs } = useChalkline();
  const [tokens, setTokens] = useState<readonly BotToken[] | null>(null);
  const [wrong, setWrong] = useState("");
  const [made, setMade] = useState<BotToken | null>(null);
  useEffect(() => {
    programs.tokens(bot.id).then(setTokens, (error: unknown) => setWrong(faultWords(asFault(error))));
  }, [programs, bot.id]);
  const revoke = async ({ id, name }: BotToken) => {
    try {
      await programs.revokeToken(bot.id, id);
      setTokens((before) => before?.filter((one) => one.id !== id) ?? null);
      if (made?.id === id) setMade(null);
      notify(`${name} opens nothing more`);
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  return (
    <Dialog title={`Tokens of ${bot.display_name}`} size="wide" onClose={closeOverlay}>
      {isNew && <p class="soft">The bot is made. With a token it can sign in.</p>}
      {made?.token && (
        <Secret
          words={`The token “${made.name}”.`}
          secret={made.token}
          copy="Copy token"
          onClose={() => setMade(null)}
        />
      )}
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!tokens && !wrong && <Loading label="Loading tokens" />}
      {tokens?.length === 0 && !isNew && <p class="soft">It has no token, and can’t sign in.</p>}
      <ul class="rows" aria-label="Tokens">
        {tokens?.map((token) => (
          <li key={token.id}>
            <TokenRow token={token} onRevoke={() => void revoke(token)} />
          </li>
        ))}
      </ul>
      <NewToken
        bot={bot}
        onMade={(token) => {
          setMade(token);
          setTokens((before) => [...(before ?? []), { ...token, token: null }]);
        }}
      />
    </Dialog>
  );
}

function TokenRow({ token, onRevoke }: { token: BotToken; onRevoke: () => void }) {
  return (
    <div class="row">
      <Icon name="lock" />
      <div class="row-text">
        <span class="row-title">
          <span dir="auto">{token.name}</span>
          {token.scopes.map((scope) => (
            <span key={scope} class="badge">
              {scope}
            </span>
          ))}
        </span>
        <p class="row-note">
          {token.last_used_at ? `Last used ${ago(token.last_used_at)}` : "Not used yet"}
          {token.expires_at && ` · good until ${dateOf(token.expires_at)}`}
        </p>
      </div>
      <Button aria-label={`Revoke ${token.name}`} onClick={onRevoke}>
        Revoke
      </Button>
    </div>
  );
}

function NewToken({ bot, onMade }: { bot: Bot; onMade: (token: BotToken) => void }) {
  const { programs } = useChalkline();
  const submission = useSubmission();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["read", "post"]);
  const [hours, setHours] = useState("0");
  const create = async () => {
    const form = { name: name.trim(), scopes, hours: Number(hours) || null };
    onMade(await programs.createToken(bot.id, form));
    setName("");
  };
  return (
    <div class="card">
      <Form submission={submission} onSubmit={create} fields={["name", "scopes"]}>
        <div class="form-row">
          <Field
            label="Name of a new token"
            value={name}
            maxLength={64}
            required
            autoComplete="off"
            placeholder="On the kiln’s own computer"
            error={wrongIn(submission, "name")}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <Select label="Good for" value={hours} onChange={setHours} options={TERMS} />
        </div>
        <Checks
          label="What it opens"
          values={scopes}
          onChange={setScopes}
          options={SCOPES}
          error={wrongIn(submission, "scopes")}
        />
        <div class="form-actions">
          <Button type="submit" look="primary" busy={submission.busy} disabled={!name.trim() || !scopes.length}>
            Make token
          </Button>
        </div>
      </Form>
    </div>
  );
}
