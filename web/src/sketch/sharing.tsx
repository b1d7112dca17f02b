/** Links by which people without an account look on: made, copied once, ended. */
import { useEffect, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { sharedPath } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Link, Sketch } from "../protocol/wire";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { announce, notify } from "../ui/live";
import { fullTime } from "../ui/time";
import { faultWords } from "../words";

const newestFirst = (links: readonly Link[]) => [...links].sort((one, other) => other.id - one.id);

export function ShareSketch({ sketch }: { sketch: Sketch }) {
  const { sketches, users } = useChalkline();
  const [links, setLinks] = useState<readonly Link[] | null>(null);
  const [fresh, setFresh] = useState<Link | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [why, setWhy] = useState("");
  const tell = (error: unknown) => setWhy(faultWords(asFault(error)));
  useEffect(() => void sketches.links(sketch.id).then((found) => setLinks(newestFirst(found)), tell), []);
  const create = async () => {
    setBusy(true);
    try {
      const link = await sketches.createLink(sketch.id);
      setLinks([link, ...(links ?? [])]);
      setFresh(link);
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  const revoke = async (link: Link) => {
    await sketches.revokeLink(sketch.id, link.id);
    setLinks((now) => (now ?? []).filter(({ id }) => id !== link.id));
    if (fresh?.id === link.id) setFresh(null);
    announce("The link is ended");
  };
  return (
    <Dialog title="Share to look at" onClose={closeOverlay}>
      <p>
        Everybody in the channel can draw here. Whoever has a link sees the sketch live without an account, and can’t
        draw, until you end the link.
      </p>
      {why && <p class="notice notice-danger">{why}</p>}
      {fresh?.token && <Fresh url={location.origin + sharedPath(sketch.id, fresh.token)} />}
      <ul class="rows">
        {links?.map((link) => (
          <li key={link.id} class="row">
            <div class="row-main">
              <strong>{link.id === fresh?.id ? "The new link" : "A link"}</strong>
              <p class="soft">
                {users.name(link.author_id)}, {fullTime(link.created_at)}
              </p>
            </div>
            <Button look="danger" onClick={() => void revoke(link).catch(tell)}>
              End it
            </Button>
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button look={fresh ? "plain" : "primary"} icon="link" busy={isBusy} onClick={() => void create()}>
          Make a link
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Fresh({ url }: { url: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      notify("Link copied");
    } catch {
      notify("Your browser doesn’t let the page copy. Mark the link, and copy it yourself.", true);
    }
  };
  return (
    <div class="sketch-fresh">
      <Field
        label="The link. It is shown this once"
        readOnly
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button look="primary" icon="copy" onClick={() => void copy()}>
        Copy
      </Button>
    </div>
  );
}
