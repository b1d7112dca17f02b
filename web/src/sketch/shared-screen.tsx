/** A sketch for whoever has a link: seen live, without an account. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { sketchPath } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import { Rest } from "../protocol/rest";
import type { SharedSketch } from "../protocol/wire";
import { Empty, Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { APP, faultWords } from "../words";
import { People } from "./people";
import { SketchRoom } from "./room";
import "./sketch.css";
import { SaveMark, Stage } from "./stage";

export function SharedScreen({ sketchId, token }: { sketchId: number; token: string }) {
  const [sketch, setSketch] = useState<SharedSketch | null>(null);
  const [why, setWhy] = useState("");
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    look(sketchId, token).then(
      (found) => isWanted && setSketch(found),
      (error) => isWanted && setWhy(isEnded(error) ? ENDED : faultWords(asFault(error))),
    );
    return () => {
      isWanted = false;
    };
  }, [sketchId, token, attempt]);
  if (why) return <Gone why={why} />;
  if (!sketch) return <Loading label="Opening the sketch" />;
  const again = () => {
    setSketch(null);
    setAttempt((number) => number + 1);
  };
  return <OpenShared key={sketch.epoch} sketch={sketch} token={token} startOver={again} />;
}

/** Asked of nobody's session. */
function look(sketchId: number, token: string): Promise<SharedSketch> {
  const rest = new Rest(() => Promise.reject(new Error("Nobody is signed in.")));
  return rest.ask<SharedSketch>("GET", `/sketches/${sketchId}/shared`, { headers: { "X-Sketch-Link": token } });
}

const isEnded = (error: unknown): boolean => asFault(error).code === "not_found";
const ENDED = "This link leads nowhere any more. Ask whoever sent it for a new one.";

function Gone({ why }: { why: string }) {
  return (
    <main id="main" class="sketch-gone">
      <Empty icon="link" title="There is nothing to see here">
        <p>{why}</p>
        <a class="button button-primary" href="/">
          To {APP}
        </a>
      </Empty>
    </main>
  );
}

function OpenShared({ sketch, token, startOver }: { sketch: SharedSketch; token: string; startOver: () => void }) {
  const renew = () => Promise.reject(new Error("Nobody is signed in."));
  const room = useMemo(() => new SketchRoom(sketch, { userId: null, link: token, renew }, startOver), []);
  useEffect(() => () => room.close(), [room]);
  useEffect(() => {
    document.title = `${sketch.title} · ${APP}`;
  }, [sketch.title]);
  const status = room.status.value;
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // A socket can't say why it wasn't let in again.
    if (status === "offline") look(sketch.id, token).catch((error) => setOver(isEnded(error)));
  }, [status]);
  if (isOver || status === "refused") return <Gone why={ENDED} />;
  return (
    <main id="main" class="sketch sketch-shared">
      <header class="view-header">
        <h1 class="view-title">
          <Icon name="sketch" />
          <span dir="auto">{sketch.title}</span>
        </h1>
        <SaveMark room={room} />
        <div class="view-actions">
          <People board={room.board} />
        </div>
      </header>
      <p class="sketch-banner">
        <Icon name="link" />
        <span>You look on through a link. Only members of its channel can draw.</span>
        <Door sketchId={sketch.id} />
      </p>
      <div class="sketch-body">
        <Stage room={room} title={sketch.title} hint="Nothing has been drawn yet. What comes is seen here at once." />
      </div>
    </main>
  );
}

/** Who is a member can go where one draws; who may be one can sign in. */
function Door({ sketchId }: { sketchId: number }) {
  const { session, sketches } = useChalkline();
  const [channelId, setChannelId] = useState<number | null>(null);
  const isSignedIn = session.status.value === "signed_in";
  useEffect(() => {
    if (isSignedIn)
      sketches.get(sketchId).then(
        ({ channel_id }) => setChannelId(channel_id),
        () => undefined,
      );
  }, [isSignedIn]);
  if (channelId !== null) return <a href={sketchPath(channelId, sketchId)}>Draw with the others</a>;
  return session.status.value === "signed_out" ? <a href="/sign-in">Sign in</a> : null;
}
