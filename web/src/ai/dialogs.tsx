/** The windows of the AI, whose code comes when one is first opened. */
import { openOverlay } from "../app/overlays";
import type { Sketch } from "../protocol/wire";
import type { JoinedChannel } from "../state";
import { notify } from "../ui/live";

const lost = () => notify("This could not be loaded. The network may be away.", true);

export function openUsage(): void {
  import("./usage").then(({ Usage }) => openOverlay(<Usage />), lost);
}

export function openChannelAi(channel: JoinedChannel): void {
  import("./channel-ai").then(({ ChannelAi }) => openOverlay(<ChannelAi channel={channel} />), lost);
}

export function openRename(channel: JoinedChannel): void {
  import("./conversation-dialogs").then((module) => openOverlay(<module.RenameConversation channel={channel} />), lost);
}

export function openDelete(channel: JoinedChannel): void {
  import("./conversation-dialogs").then((module) => openOverlay(<module.DeleteConversation channel={channel} />), lost);
}

export function openDraw(sketch: Sketch): void {
  import("./draw").then(({ Draw }) => openOverlay(<Draw sketch={sketch} />), lost);
}
