/** What only admins may ask for. */

import { Fault } from "../protocol/faults";
import type { Rest } from "../protocol/rest";
import type { Channel, Deed, Invite, Page, User } from "../protocol/wire";
import type { AdminState, Health } from "./api";

const PAGE = 50;

export function openAdmin(rest: Rest, onUser: (user: User) => void): AdminState {
  return {
    users: ({ q, cursor }) => rest.get<Page<User>>("/users", { q, cursor, limit: PAGE }),
    async updateUser(userId, change) {
      const user = await rest.ask<User>("PATCH", `/users/${userId}`, { body: change });
      onUser(user);
      return user;
    },
    async deleteUser(userId) {
      await rest.ask("DELETE", `/users/${userId}`);
      onUser(await rest.get<User>(`/users/${userId}`));
    },
    channels: ({ q, cursor }) => rest.get<Page<Channel>>("/channels", { scope: "all", q, cursor, limit: PAGE }),
    invites: async () => [...(await rest.get<Page<Invite>>("/auth/invites")).items],
    createInvite: (form) => rest.ask<Invite>("POST", "/auth/invites", { body: form }),
    deleteInvite: (inviteId) => rest.ask("DELETE", `/auth/invites/${encodeURIComponent(inviteId)}`),
    audit: (query) => rest.get<Page<Deed>>("/audit", { ...query, limit: PAGE }),
    health: () => readHealth(rest),
  };
}

/** Also a server that isn't ready has an answer: which of its checks failed. */
async function readHealth(rest: Rest): Promise<Health> {
  const began = performance.now();
  const { status, body } = await rest.look<Pick<Health, "status" | "checks">>("/health/ready");
  if (status !== 200 && status !== 503) throw new Fault("internal", `The server answered ${status}.`, { status });
  return { status: body.status, checks: body.checks, milliseconds: Math.round(performance.now() - began) };
}
