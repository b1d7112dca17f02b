/** A channel that one isn't in: what it is, and the way in. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { openDrawer } from "../app/drawer";
import { useChalkline } from "../app/state";
import { untilWords } from "../order/words";
import type { Channel } from "../protocol/wire";
import type { Banned } from "../state";
import { Button, IconButton } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { asFault, type Fault } from "../protocol/faults";
import { count, faultWords } from "../words";

export function JoinChannel({ channelId }: { channelId: number }) {
  const { channels, order } = useChalkline();
  const ban = useMemo(() => order.banned(channelId), [order, channelId]).value;
  const [channel, setChannel] = useState<Channel | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    let isWanted = true;
    channels.load(channelId).then(
      (found) => isWanted && setChannel(found),
      (error) => isWanted && setFault(asFault(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [channels, channelId]);
  return (
    <>
      <header class="view-header">
        <IconButton icon="menu" label="Show channels" class="only-narrow" onClick={openDrawer} />
        <h1 class="view-title">{channel?.name ?? "Channel"}</h1>
      </header>
      {ban && <Out ban={ban} />}
      {!ban && channel && <WayIn channel={channel} />}
      {!ban && fault && <NotThere fault={fault} />}
      {!ban && !channel && !fault && <Loading />}
    </>
  );
}

function WayIn({ channel }: { channel: Channel }) {
  const { channels } = useChalkline();
  const submission = useSubmission();
  const [password, setPassword] = useState("");
  const join = async () => {
    await channels.join(channel.id, channel.has_password ? password : undefined);
  };
  return (
    <Empty icon={channel.has_password ? "lock" : "hash"} title={channel.name}>
      {channel.description && <p dir="auto">{channel.description}</p>}
      <p class="soft">{count(channel.member_count, "member")}</p>
      <Form submission={submission} onSubmit={join}>
        {channel.has_password && (
          <Field
            label="Password of the channel"
            type="password"
            value={password}
            autoComplete="off"
            autoFocus
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <Button type="submit" look="primary" busy={submission.busy}>
          Join channel
        </Button>
      </Form>
    </Empty>
  );
}

/** One was put out while this page was open. Later, joining says it. */
function Out({ ban }: { ban: Banned }) {
  const end = untilWords(ban.until);
  return (
    <Empty icon="ban" title="You are banned from this channel">
      <p role="alert">
        A moderator banned you{end ? ` ${end}` : ""}.
        {ban.reason && (
          <>
            {" "}
            Their reason: <q dir="auto">{ban.reason}</q>
          </>
        )}
      </p>
      <a class="button button-primary" href="/">
        To your channels
      </a>
    </Empty>
  );
}

function NotThere({ fault }: { fault: Fault }) {
  const isGone = fault.code === "not_found";
  return (
    <Empty icon="compass" title={isGone ? "This channel isn’t here for you" : "The channel could not be loaded"}>
      <p>
        {isGone
          ? "It was deleted, or it is private. If it is private, somebody in it can bring you in."
          : faultWords(fault)}
      </p>
      <a class="button button-primary" href="/browse">
        Browse channels
      </a>
    </Empty>
  );
}
