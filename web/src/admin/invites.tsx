import { useEffect, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Invite } from "../protocol/wire";
import { Button } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { fullTime } from "../ui/time";
import { count, faultWords } from "../words";

export function Invites() {
  const { admin, instance } = useChalkline();
  const [list, setList] = useState<readonly Invite[] | null>(null);
  const [made, setMade] = useState<Invite | null>(null);
  const [wrong, setWrong] = useState("");
  const load = () =>
    admin.invites().then(setList, (error) => {
      setWrong(faultWords(asFault(error)));
    });
  useEffect(() => void load(), []);
  const end = async (invite: Invite) => {
    try {
      await admin.deleteInvite(invite.id);
      void load();
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  return (
    <section>
      {instance.value?.registration === "open" && (
        <p class="notice">Anybody may register on this server right now, so invitations aren’t needed.</p>
      )}
      <NewInvite
        onMade={(invite) => {
          setMade(invite);
          void load();
        }}
      />
      {made?.invite && <MadeInvite code={made.invite} />}
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!list && !wrong && <Loading />}
      {list && !list.length && <Empty icon="userPlus" title="No open invitations" />}
      <ul class="rows">
        {list?.map((invite) => (
          <li key={invite.id}>
            <div class="row">
              <Icon name="userPlus" />
              <div class="row-text">
                <span class="row-title">{count(invite.uses_left, "use")} left</span>
                <p class="row-note">Good until {fullTime(invite.expires_at)}</p>
              </div>
              <Button onClick={() => void end(invite)}>End</Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NewInvite({ onMade }: { onMade: (invite: Invite) => void }) {
  const { admin } = useChalkline();
  const submission = useSubmission();
  const [uses, setUses] = useState(1);
  const [days, setDays] = useState(3);
  const make = async () => onMade(await admin.createInvite({ uses, hours: days * 24 }));
  return (
    <div class="card">
      <Form submission={submission} onSubmit={make} fields={["uses", "hours"]}>
        <div class="form-row">
          <Field
            label="For how many people"
            type="number"
            min={1}
            max={1000}
            value={uses}
            error={submission.wrong("uses")}
            onInput={(event) => setUses(event.currentTarget.valueAsNumber || 1)}
          />
          <Field
            label="Good for days"
            type="number"
            min={1}
            max={90}
            value={days}
            error={submission.wrong("hours")}
            onInput={(event) => setDays(event.currentTarget.valueAsNumber || 1)}
          />
        </div>
        <div class="form-actions">
          <Button type="submit" look="primary" busy={submission.busy}>
            New invitation
          </Button>
        </div>
      </Form>
    </div>
  );
}

/** The code is shown once: the server keeps only its hash. */
function MadeInvite({ code }: { code: string }) {
  const link = `${location.origin}/sign-up?invite=${encodeURIComponent(code)}`;
  const copy = async () => {
    await navigator.clipboard.writeText(link);
    notify("Invitation copied");
  };
  return (
    <div class="notice notice-ok">
      <p>Send this link to whom you invite. It is shown only now.</p>
      <p>
        <code class="wrap">{link}</code>
      </p>
      <Button icon="copy" onClick={() => void copy()}>
        Copy link
      </Button>
    </div>
  );
}
