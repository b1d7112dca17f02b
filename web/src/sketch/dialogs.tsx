/** Renaming and deleting sketches, their versions, and links for people from elsewhere. */
import { useEffect, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Link, Sketch, SketchVersion } from "../protocol/wire";
import { Confirm, DialogActions } from "../chat/channel-dialogs";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";
import { fullTime } from "../ui/time";
import { faultWords } from "../words";
import { TitleForm } from "./create-sketch";

export function RenameSketch({ sketch, onRename }: { sketch: Sketch; onRename: (sketch: Sketch) => void }) {
  const { sketches } = useChalkline();
  const save = async (title: string) => {
    onRename(await sketches.rename(sketch.id, title));
    closeOverlay();
  };
  return <TitleForm heading="Rename sketch" action="Save" start={sketch.title} save={save} />;
}

export function DeleteSketch({ sketch }: { sketch: Sketch }) {
  const { sketches } = useChalkline();
  const remove = async () => {
    await sketches.remove(sketch.id);
    closeOverlay();
    navigate(channelPath(sketch.channel_id), "replace");
    notify("Sketch deleted");
  };
  return (
    <Confirm
      title={`Delete “${sketch.title}”?`}
      words="What was drawn is gone for everybody, and so are its versions and keys."
      action="Delete sketch"
      run={remove}
    />
  );
}

export function Versions({ sketch, fit }: { sketch: Sketch; fit: () => void }) {
  const { sketches, users } = useChalkline();
  const submission = useSubmission();
  const [versions, setVersions] = useState<readonly SketchVersion[] | null>(null);
  const [label, setLabel] = useState("");
  useEffect(() => void submission.run(async () => setVersions(await sketches.versions(sketch.id))), []);
  const keep = async () => {
    const made = await sketches.keepVersion(sketch.id, label.trim());
    setLabel("");
    setVersions([made, ...(versions ?? [])]);
  };
  const restore = (version: SketchVersion) =>
    submission.run(async () => {
      await sketches.restoreVersion(sketch.id, version.number);
      closeOverlay();
      fit();
      notify(`“${version.label}” is back. Others see it, too.`);
    });
  return (
    <Dialog title="Versions" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={keep} fields={["label"]}>
        <Field
          label="Keep it as it is now, under a name"
          value={label}
          maxLength={80}
          autoComplete="off"
          error={submission.wrong("label")}
          onInput={(event) => setLabel(event.currentTarget.value)}
        />
        <Button type="submit" busy={submission.busy} disabled={!label.trim()}>
          Keep this version
        </Button>
      </Form>
      {versions === null ? (
        <Loading label="Loading versions" />
      ) : (
        <ul class="rows">
          {versions.map((version) => (
            <li key={version.number} class="row">
              <div class="row-main">
                <strong dir="auto">{version.label}</strong>
                <p class="soft">
                  {users.name(version.author_id)}, {fullTime(version.created_at)}
                </p>
              </div>
              <Button onClick={() => void restore(version)}>Bring back</Button>
            </li>
          ))}
          {versions.length === 0 && <li class="soft">No version has been kept yet.</li>}
        </ul>
      )}
    </Dialog>
  );
}

export function ShareSketch({ sketch }: { sketch: Sketch }) {
  const { sketches } = useChalkline();
  const [links, setLinks] = useState<readonly Link[] | null>(null);
  const [fresh, setFresh] = useState("");
  const [why, setWhy] = useState("");
  const tell = (error: unknown) => setWhy(faultWords(asFault(error)));
  useEffect(() => void sketches.links(sketch.id).then(setLinks, tell), []);
  const create = async () => {
    const link = await sketches.createLink(sketch.id);
    setLinks([link, ...(links ?? [])]);
    setFresh(link.token ?? "");
  };
  const revoke = async (link: Link) => {
    await sketches.revokeLink(sketch.id, link.id);
    setLinks((links ?? []).filter(({ id }) => id !== link.id));
    setFresh("");
  };
  return (
    <Dialog title="Share to look at" onClose={closeOverlay}>
      <p>
        Everybody in the channel can draw here. With a key, a program or another server can look on without an account,
        until you end it.
      </p>
      {why && <p class="notice notice-danger">{why}</p>}
      {fresh && (
        <Field
          label="The key. It is shown this once"
          readOnly
          value={fresh}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
      <ul class="rows">
        {links?.map((link) => (
          <li key={link.id} class="row">
            <span class="row-main">Made {fullTime(link.created_at)}</span>
            <Button look="danger" onClick={() => void revoke(link).catch(tell)}>
              End it
            </Button>
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button look="primary" icon="link" onClick={() => void create().catch(tell)}>
          Make a key
        </Button>
      </DialogActions>
    </Dialog>
  );
}
