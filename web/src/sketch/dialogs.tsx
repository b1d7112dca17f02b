/** Renaming, exporting and deleting a sketch. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import type { Sketch } from "../protocol/wire";
import { Button } from "../ui/button";
import { Confirm, DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { notify } from "../ui/live";
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
      words="What was drawn is gone for everybody, and so are its versions, comments and links."
      action="Delete sketch"
      run={remove}
    />
  );
}

interface Format {
  readonly ending: string;
  readonly label: string;
  readonly hint: string;
}

const FORMATS: readonly Format[] = [
  { ending: "png", label: "PNG", hint: "A picture, for anywhere" },
  { ending: "svg", label: "SVG", hint: "A picture that stays sharp at any size" },
  { ending: "excalidraw", label: ".excalidraw", hint: "To go on with in Excalidraw, or to bring in again" },
  { ending: "json", label: "JSON", hint: "For programs: each element with its place" },
];
const SIZES: readonly (readonly [number, string])[] = [
  [1024, "Small"],
  [2048, "Medium"],
  [4096, "Large"],
];

export function ExportSketch({ sketch }: { sketch: Sketch }) {
  const [ending, setEnding] = useState("png");
  const [longest, setLongest] = useState(2048);
  const path = `/api/v1/sketches/${sketch.id}/export`;
  const href = ending === "png" ? `${path}.png?longest=${longest}` : `${path}.${ending}`;
  return (
    <Dialog title="Export" onClose={closeOverlay}>
      <img class="sketch-preview" src={`${path}.png?longest=1024`} alt="The sketch as it is now" />
      <fieldset class="sketch-formats">
        <legend>As</legend>
        {FORMATS.map((format) => (
          <label key={format.ending}>
            <input
              type="radio"
              name="format"
              value={format.ending}
              checked={ending === format.ending}
              onChange={() => setEnding(format.ending)}
            />
            <span>
              <strong>{format.label}</strong> <span class="soft">{format.hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {ending === "png" && (
        <fieldset class="sketch-sizes">
          <legend>Size, of the longer side</legend>
          {SIZES.map(([pixels, label]) => (
            <label key={pixels}>
              <input type="radio" name="size" checked={longest === pixels} onChange={() => setLongest(pixels)} />
              <span>
                {label} <span class="soft">up to {pixels}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <DialogActions>
        <Button onClick={closeOverlay}>Cancel</Button>
        <a class="button button-primary" href={href} download={`${sketch.title}.${ending}`} onClick={closeOverlay}>
          Download
        </a>
      </DialogActions>
    </Dialog>
  );
}
