/** The versions of a sketch that somebody kept: seen before they are brought back. */
import { useEffect, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import type { Sketch, SketchVersion } from "../protocol/wire";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";
import { fullTime } from "../ui/time";

export function Versions({ sketch, fit }: { sketch: Sketch; fit: () => void }) {
  const { sketches, users } = useChalkline();
  const submission = useSubmission();
  const [versions, setVersions] = useState<readonly SketchVersion[] | null>(null);
  const [label, setLabel] = useState("");
  const [seen, setSeen] = useState<number | null>(null);
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
            <li key={version.number} class="row sketch-version">
              <div class="row-main">
                <strong dir="auto">{version.label}</strong>
                <p class="soft">
                  {users.name(version.author_id)}, {fullTime(version.created_at)}
                </p>
              </div>
              <Button
                look="quiet"
                aria-expanded={seen === version.number}
                onClick={() => setSeen(seen === version.number ? null : version.number)}
              >
                {seen === version.number ? "Hide" : "Look"}
              </Button>
              <Button onClick={() => void restore(version)}>Bring back</Button>
              {seen === version.number && (
                <img
                  class="sketch-preview"
                  src={`/api/v1/sketches/${sketch.id}/versions/${version.number}/export.svg`}
                  alt={`The sketch as “${version.label}”`}
                />
              )}
            </li>
          ))}
          {versions.length === 0 && <li class="soft">No version has been kept yet.</li>}
        </ul>
      )}
    </Dialog>
  );
}
