/** The windows of the chat, whose code comes when one is first opened. */
import { openLater } from "../app/later";
import type { Via } from "../protocol/wire";
import type { JoinedChannel } from "../state";

const dialogs = () => import("./channel-dialogs");
const creating = () => dialogs().then((module) => module.CreateChannel);
const editing = () => dialogs().then((module) => module.EditChannel);
const leaving = () => dialogs().then((module) => module.LeaveChannel);
const deleting = () => dialogs().then((module) => module.DeleteChannel);
const inviting = () => import("./invite").then((module) => module.Invite);
const switching = () => import("./switcher").then((module) => module.Switcher);
const writing = () => import("./new-direct").then((module) => module.NewDirect);
const level = () => import("../notify/channel-level").then((module) => module.ChannelLevel);
const rules = () => import("./channel-rules").then((module) => module.ChannelRules);
const profile = () => import("./profile").then((module) => module.Profile);

export const openCreateChannel = (): void => openLater(creating, {});
export const openEditChannel = (channel: JoinedChannel): void => openLater(editing, { channel });
export const openLeaveChannel = (channel: JoinedChannel): void => openLater(leaving, { channel });
export const openDeleteChannel = (channel: JoinedChannel): void => openLater(deleting, { channel });
export const openInvite = (channel: JoinedChannel): void => openLater(inviting, { channel });
export const openSwitcher = (): void => openLater(switching, {});
export const openNewDirect = (): void => openLater(writing, {});
export const openChannelLevel = (channel: JoinedChannel): void => openLater(level, { channel });
export const openChannelRules = (channel: JoinedChannel): void => openLater(rules, { channel });
/** Of a program, by what it posted. */
export const openProfile = (userId: number, via?: Via): void => openLater(profile, { userId, via });
