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
import { Comments } from "./comments";
import { CommentsPane } from "./comments-pane";
import { DeleteSketch, ExportSketch, RenameSketch } from "./dialogs";
import { sketchButtons, sketchPanels } from "./features";
import { People } from "./people";
import { Pins } from "./pins";
import { SketchRoom } from "./room";
import { ShareSketch } from "./sharing";
import "./sketch.css";
import { SaveMark, Stage } from "./stage";
import { Versions } from "./versions";

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
  const { sketches, session } = state;
  const room = useMemo(() => {
    const renew = async () => void (await sketches.get(sketch.id));
    return new SketchRoom(sketch, { userId: session.me.peek()?.id ?? null, renew }, startOver);
  }, []);
  const { board } = room;
  const comments = useMemo(() => new Comments(board, sketch, sketches), [board]);
  useEffect(
    () => () => {
      comments.close();
      room.close();
    },
    [room],
  );
  useSignalEffect(() => {
    const notice = room.notice.value;
    if (notice) notify(notice.code === "taken_back" ? `Taken back: ${notice.detail}` : notice.detail, true);
  });
  const { isShown } = comments;
  const open = comments.open.value.length;
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
          {sketchButtons.map((Part, index) => (
            <Part key={index} sketch={sketch} />
          ))}
          <button
            type="button"
            class="pane-button"
            aria-pressed={isShown.value}
            aria-label={open ? `Comments, ${open} open` : "Comments"}
            title="Comments"
            onClick={() => {
              isShown.value = !isShown.value;
            }}
          >
            <Icon name="message" />
            {open > 0 && <span>{open}</span>}
          </button>
          <IconButton icon="share" label="Share" onClick={() => openOverlay(<ShareSketch sketch={sketch} />)} />
          <SketchMenu sketch={sketch} onRename={onRename} fit={() => board.fit()} />
        </div>
      </header>
      <div class="sketch-body">
        <Stage
          room={room}
          title={sketch.title}
          hint="Draw, or press a letter for a tool. Everybody in the channel can join in."
        >
          <Pins board={board} comments={comments} />
        </Stage>
        {sketchPanels.map((Part, index) => (
          <Part key={index} sketch={sketch} />
        ))}
        {isShown.value && <CommentsPane board={board} comments={comments} />}
      </div>
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
    { label: "Export", icon: "arrowDown", run: () => openOverlay(<ExportSketch sketch={sketch} />) },
    { label: "Delete sketch", icon: "trash", danger: true, run: () => openOverlay(<DeleteSketch sketch={sketch} />) },
  ];
  return (
    <Menu label="Sketch menu" title="Sketch menu" items={items}>
      <Icon name="more" />
    </Menu>
  );
}
