/** A sketch over the whole view: who is there, whether it is saved, the board, and the tools over it. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { openOverlay } from "../app/overlays";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Sketch } from "../protocol/wire";
import { forgetSketches } from "../state/sketch_storage";
import { Button, IconButton } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu, type MenuItem } from "../ui/menu";
import { faultWords } from "../words";
import { Canvas } from "./canvas";
import { DeleteSketch, RenameSketch, ShareSketch, Versions } from "./dialogs";
import { ImagePicker } from "./image-picker";
import { People } from "./people";
import { type SaveStatus, SketchRoom } from "./room";
import "./sketch.css";
import { Inspector, Toolbar } from "./toolbar";

export function SketchScreen({ channelId, sketchId }: { channelId: number; sketchId: number }) {
  const { sketches, session } = useChalkline();
  const [sketch, setSketch] = useState<Sketch | null>(null);
  const [why, setWhy] = useState("");
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    sketches.get(sketchId).then(
      (found) => {
        if (!isWanted) return;
        void forgetSketches(session.me.peek()?.id ?? 0, { sketchId, epoch: found.epoch });
        setSketch(found);
      },
      (error) => isWanted && setWhy(faultWords(asFault(error))),
    );
    return () => {
      isWanted = false;
    };
  }, [sketchId, attempt]);
  if (sketch) {
    const again = () => {
      setSketch(null);
      setAttempt((number) => number + 1);
    };
    return <OpenSketch key={`${sketch.id}.${sketch.epoch}`} sketch={sketch} startOver={again} onRename={setSketch} />;
  }
  if (!why) return <Loading label="Opening the sketch" />;
  return (
    <Empty icon="sketch" title="This sketch can’t be opened">
      <p>{why}</p>
      <Button look="primary" onClick={() => navigate(channelPath(channelId))}>
        Back to the channel
      </Button>
    </Empty>
  );
}

interface OpenSketchProps {
  sketch: Sketch;
  startOver: () => void;
  onRename: (sketch: Sketch) => void;
}

function OpenSketch({ sketch, startOver, onRename }: OpenSketchProps) {
  const state = useChalkline();
  const room = useMemo(() => new SketchRoom(sketch, state, startOver), []);
  useEffect(() => () => room.close(), [room]);
  useSignalEffect(() => {
    const notice = room.notice.value;
    if (notice) notify(notice.code === "taken_back" ? `Taken back: ${notice.detail}` : notice.detail, true);
  });
  const { board } = room;
  return (
    <div class="sketch">
      <header class="view-header">
        <IconButton icon="back" label="Back to the channel" onClick={() => navigate(channelPath(sketch.channel_id))} />
        <h1 class="view-title">
          <Icon name="sketch" />
          <span dir="auto">{sketch.title}</span>
        </h1>
        <SaveMark room={room} />
        <div class="view-actions">
          <People board={board} />
          <IconButton icon="share" label="Share" onClick={() => openOverlay(<ShareSketch sketch={sketch} />)} />
          <SketchMenu sketch={sketch} onRename={onRename} fit={() => board.fit()} />
        </div>
      </header>
      <div class="sketch-body">
        <Canvas
          board={board}
          label={`${sketch.title}, ${board.version.value >= 0 ? board.document.size : 0} elements`}
        />
        <Toolbar board={board} />
        <Inspector board={board} />
        <Corner room={room} />
        <ImagePicker board={board} />
        {room.isReady.value && board.isEmpty.value && !board.drawing.value && (
          <p class="sketch-hint">Draw, or press a letter for a tool. Everybody in the channel can join in.</p>
        )}
      </div>
    </div>
  );
}

const WORDS: Record<SaveStatus, string> = {
  opening: "Opening …",
  saved: "Saved",
  saving: "Saving …",
  offline: "Offline: kept in this browser",
  refused: "Not connected",
};

function SaveMark({ room }: { room: SketchRoom }) {
  const status = room.status.value;
  return (
    <p class={`sketch-status is-${status}`} role="status" title={room.reason.value}>
      {WORDS[status]}
      {(status === "offline" || status === "refused") && (
        <Button look="quiet" onClick={() => room.retry()}>
          Try now
        </Button>
      )}
    </p>
  );
}

function Corner({ room }: { room: SketchRoom }) {
  const { board } = room;
  const percent = Math.round(board.camera.value.zoom * 100);
  return (
    <div class="sketch-corner" role="group" aria-label="View">
      {board.mayDraw && (
        <>
          <IconButton icon="undo" label="Undo" keys="Ctrl+Z" onClick={() => board.undo()} />
          <IconButton icon="redo" label="Redo" keys="Ctrl+Shift+Z" onClick={() => board.redo()} />
        </>
      )}
      <button type="button" class="sketch-zoom" aria-label="Zoom out" onClick={() => board.zoom(1 / 1.25)}>
        −
      </button>
      <button
        type="button"
        class="sketch-zoom is-wide"
        aria-label={`${percent} percent: show in its own size`}
        onClick={() => board.showAt({ ...board.camera.value, zoom: 1 })}
      >
        {percent} %
      </button>
      <button type="button" class="sketch-zoom" aria-label="Zoom in" onClick={() => board.zoom(1.25)}>
        +
      </button>
      <IconButton icon="expand" label="Show everything" keys="1" onClick={() => board.fit()} />
    </div>
  );
}

interface SketchMenuProps {
  sketch: Sketch;
  onRename: (sketch: Sketch) => void;
  fit: () => void;
}

function SketchMenu({ sketch, onRename, fit }: SketchMenuProps) {
  const items: MenuItem[] = [
    { label: "Rename", icon: "edit", run: () => openOverlay(<RenameSketch sketch={sketch} onRename={onRename} />) },
    { label: "Versions", icon: "clock", run: () => openOverlay(<Versions sketch={sketch} fit={fit} />) },
    ...["png", "svg", "excalidraw", "json"].map(
      (kind): MenuItem => ({
        label: `Download as .${kind}`,
        icon: "arrowDown",
        run: () => download(sketch, kind),
      }),
    ),
    { label: "Delete sketch", icon: "trash", danger: true, run: () => openOverlay(<DeleteSketch sketch={sketch} />) },
  ];
  return (
    <Menu label="Sketch menu" title="Sketch menu" items={items}>
      <Icon name="more" />
    </Menu>
  );
}

function download(sketch: Sketch, kind: string): void {
  const link = document.createElement("a");
  link.href = `/api/v1/sketches/${sketch.id}/export.${kind}`;
  link.download = `${sketch.title}.${kind}`;
  link.click();
}
