/** Webhooks of a channel, and the workspace's bots. */

import type { Rest } from "../protocol/rest";
import type { Bot, BotToken, DeadLetter, IncomingHook, OutgoingHook, Page } from "../protocol/wire";
import type { ProgramsState } from "./api_programs";

const PAGE = 50;

const hooks = (channelId: number, kind: "incoming" | "outgoing"): string => `/channels/${channelId}/hooks/${kind}`;
const incoming = ({ channel_id, id }: IncomingHook): string => `${hooks(channel_id, "incoming")}/${id}`;
const outgoing = ({ channel_id, id }: OutgoingHook): string => `${hooks(channel_id, "outgoing")}/${id}`;
const tokens = (botId: number): string => `/bots/${botId}/tokens`;

export function openPrograms(rest: Rest): ProgramsState {
  const all = async <T>(path: string) => (await rest.get<Page<T>>(path)).items;
  const make = <T>(path: string, body: object) => rest.ask<T>("POST", path, { body });
  const change = <T>(path: string, body: object) => rest.ask<T>("PATCH", path, { body });
  const remove = (path: string) => rest.ask<void>("DELETE", path);
  return {
    incoming: (channelId) => all<IncomingHook>(hooks(channelId, "incoming")),
    createIncoming: (channelId, form) => make<IncomingHook>(hooks(channelId, "incoming"), form),
    updateIncoming: (hook, to) => change<IncomingHook>(incoming(hook), to),
    rotateIncoming: (hook) => rest.ask<IncomingHook>("POST", `${incoming(hook)}/rotate`),
    removeIncoming: (hook) => remove(incoming(hook)),
    outgoing: (channelId) => all<OutgoingHook>(hooks(channelId, "outgoing")),
    createOutgoing: (channelId, form) => make<OutgoingHook>(hooks(channelId, "outgoing"), form),
    updateOutgoing: (hook, to) => change<OutgoingHook>(outgoing(hook), to),
    removeOutgoing: (hook) => remove(outgoing(hook)),
    dead: (hook, cursor) => rest.get<Page<DeadLetter>>(`${outgoing(hook)}/dead`, { cursor, limit: PAGE }),
    redeliver: (hook, seq) => rest.ask("POST", `${outgoing(hook)}/dead/${seq}/redeliver`),
    discard: (hook, seq) => remove(`${outgoing(hook)}/dead/${seq}`),
    bots: (cursor) => rest.get<Page<Bot>>("/bots", { cursor, limit: PAGE }),
    createBot: (form) => make<Bot>("/bots", form),
    tokens: (botId) => all<BotToken>(tokens(botId)),
    createToken: (botId, form) => make<BotToken>(tokens(botId), form),
    revokeToken: (botId, tokenId) => remove(`${tokens(botId)}/${encodeURIComponent(tokenId)}`),
  };
}
