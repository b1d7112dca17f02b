/** Sketches as part of a channel: their list beside the messages, and each one's picture among them. */
import { useRef, useState } from "preact/hooks";
import { bodies, type BodyProps, sidePanes } from "../chat/features";
import { openLater } from "../app/later";
import { navigate, sketchPath } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Sketch } from "../protocol/wire";
import type { JoinedChannel } from "../state";
import { Button, IconButton } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { faultWords } from "../words";

sidePanes.push({ id: "sketches", title: "Sketches", icon: "sketch", label: () => "", Pane: SketchesPane });
bodies.set("sketch", SketchMessage);

const creating = () => import("./create-sketch").then((module) => module.CreateSketch);

function SketchesPane({ channel, onClose }: { channel: JoinedChannel; onClose: () => void }) {
  const { sketches } = useChalkline();
  const list = sketches.list(channel.id).value;
  return (
    <>
      <header class="pane-header">
        <h2>Sketches</h2>
        <IconButton icon="x" label="Close sketches" onClick={onClose} />
      </header>
      <div class="pane-body">
        <Button icon="plus" onClick={() => openLater(creating, { channelId: channel.id })}>
          New sketch
        </Button>
        <BringIn channelId={channel.id} />
        {!list && <Loading label="Loading sketches" />}
        {list?.length === 0 && (
          <Empty icon="sketch" title="Nothing drawn yet">
            <p>A sketch is a board that everybody in the channel draws on, at the same time.</p>
          </Empty>
        )}
        <ul class="sketch-list">
          {list?.map((sketch) => (
            <li key={sketch.id}>
              <SketchCard sketch={sketch} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

/** From an `.excalidraw` file, as Excalidraw saves them. */
function BringIn({ channelId }: { channelId: number }) {
  const { sketches } = useChalkline();
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const take = async (file: File) => {
    setBusy(true);
    try {
      const content: unknown = JSON.parse(await file.text());
      const sketch = await sketches.bringIn(channelId, file.name.replace(/\.excalidraw$/, "").slice(0, 80), content);
      navigate(sketchPath(channelId, sketch.id));
    } catch (error) {
      notify(error instanceof SyntaxError ? "This is no .excalidraw file." : faultWords(asFault(error)), true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button icon="arrowDown" busy={isBusy} onClick={() => input.current?.click()}>
        Bring in an .excalidraw file
      </Button>
      <input
        ref={input}
        type="file"
        accept=".excalidraw,application/json"
        hidden
        aria-label="Excalidraw file"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) void take(file);
        }}
      />
    </>
  );
}

function SketchCard({ sketch }: { sketch: Sketch }) {
  return (
    <a class="sketch-card" href={sketchPath(sketch.channel_id, sketch.id)}>
      <Thumbnail channelId={sketch.channel_id} sketchId={sketch.id} />
      <span class="sketch-card-title" dir="auto">
        {sketch.title}
      </span>
    </a>
  );
}

/** The server's picture of it, asked for again when it has been drawn on. */
function Thumbnail({ channelId, sketchId }: { channelId: number; sketchId: number }) {
  const { sketches } = useChalkline();
  const seq = sketches.seq(channelId, sketchId).value;
  return (
    <img
      class="sketch-thumbnail"
      onError={(event) => event.currentTarget.classList.add("is-lost")}
      onLoad={(event) => event.currentTarget.classList.remove("is-lost")}
      src={`/api/v1/sketches/${sketchId}/export.svg?seq=${seq}`}
      alt=""
      loading="lazy"
      decoding="async"
    />
  );
}

function SketchMessage({ message }: BodyProps) {
  const sketchId = message.sketch_id;
  if (!sketchId) return null;
  return (
    <a class="sketch-card is-message" href={sketchPath(message.channel_id, sketchId)}>
      <Thumbnail channelId={message.channel_id} sketchId={sketchId} />
      <span class="sketch-card-title" dir="auto">
        <Icon name="sketch" /> {message.text || "Sketch"}
      </span>
    </a>
  );
}
