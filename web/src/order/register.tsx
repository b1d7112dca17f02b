/** Keeping order, as far as it stands among the rest of the page: in menus, and a pane beside the messages. */
import { Later, openLater } from "../app/later";
import { authorName } from "../chat/author";
import { channelMenus, memberMenus, messageActions, type MessageContext, sidePanes } from "../chat/features";
import "../chat/message-actions";
import { asFault } from "../protocol/faults";
import type { JoinedChannel, RestraintKind, State } from "../state";
import type { MenuItem } from "../ui/menu";
import { notify } from "../ui/live";
import { faultWords } from "../words";
import "./order.css";
import { keepsOrder, mayRestrain } from "./rights";

const PANE = "order";
const report = () => import("./report").then((module) => module.ReportMessage);
const restrain = () => import("./restrain").then((module) => module.Restrain);
const pane = () => import("./order-pane").then((module) => module.OrderPane);

/** The button with the number of open reports is there while there are any. */
sidePanes.push({
  id: PANE,
  title: "Moderation",
  icon: "shield",
  label: (channel, state) => openReports(channel, state),
  isOffered: (channel, state) => keepsOrder(channel, state) && openReports(channel, state) !== "",
  Pane: (props) => <Later load={pane} props={props} />,
});

function openReports(channel: JoinedChannel, state: State): string {
  const open = state.order.open(channel.id).value ?? 0;
  return open ? `${open > 99 ? "99+" : open}` : "";
}

channelMenus.push((channel, state, open) =>
  keepsOrder(channel, state) ? [{ label: "Moderation", icon: "flag", run: () => open(PANE) }] : [],
);

memberMenus.push((channel, member, state) => {
  if (!mayRestrain(channel, member.user_id, member.role, state)) return [];
  return restraints(channel, member.user_id, member.display_name);
});

export function restraints(channel: JoinedChannel, userId: number, name: string): MenuItem[] {
  const open = (kind: RestraintKind) => () => openLater(restrain, { channel, userId, name, kind });
  return [
    { label: "Mute…", icon: "mute", run: open("mute") },
    { label: "Ban from the channel…", icon: "ban", danger: true, run: open("ban") },
  ];
}

const isKept = (context: MessageContext): boolean =>
  keepsOrder(context.channel, context.state) && !context.message.deleted_at;

function mayRestrainAuthor({ message, channel, state }: MessageContext): boolean {
  const members = state.channels.members(channel.id).peek();
  const role = members?.find(({ user_id }) => user_id === message.author_id)?.role;
  return mayRestrain(channel, message.author_id, role, state);
}

function restrainAuthor(kind: RestraintKind, { message, channel, state }: MessageContext): void {
  const props = { channel, userId: message.author_id, name: authorName(state, message), kind };
  openLater(restrain, props);
}

/** Before what deletes. */
messageActions.splice(
  messageActions.findIndex(({ id }) => id === "delete"),
  0,
  {
    id: "report",
    label: "Report to the moderators…",
    icon: "flag",
    isOffered: ({ message, channel, state }) =>
      channel.kind === "channel" &&
      !message.deleted_at &&
      !message.hidden_at &&
      message.author_id !== state.session.me.peek()?.id,
    run: ({ message }) => openLater(report, { message }),
  },
  {
    id: "hide",
    label: ({ message }) => (message.hidden_at ? "Show to everybody again" : "Hide from everybody"),
    icon: "eyeOff",
    key: "h",
    isOffered: (context) => isKept(context) && !context.channel.archived_at && context.message.ai?.status !== "running",
    run: ({ message, state }) => void hide(state, message.channel_id, message.seq, !message.hidden_at),
  },
  {
    id: "mute-author",
    label: ({ message, state }) => `Mute ${authorName(state, message)}…`,
    icon: "mute",
    isOffered: mayRestrainAuthor,
    run: (context) => restrainAuthor("mute", context),
  },
  {
    id: "ban-author",
    label: ({ message, state }) => `Ban ${authorName(state, message)}…`,
    icon: "ban",
    danger: true,
    isOffered: mayRestrainAuthor,
    run: (context) => restrainAuthor("ban", context),
  },
);

export async function hide(state: State, channelId: number, seq: number, isHidden: boolean): Promise<boolean> {
  try {
    await state.order.hide(channelId, seq, isHidden);
    notify(isHidden ? "Hidden from all but moderators" : "Everybody sees it again");
    return true;
  } catch (error) {
    notify(faultWords(asFault(error)), true);
    return false;
  }
}
