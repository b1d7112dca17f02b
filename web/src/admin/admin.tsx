/** Looking after the server: people, channels, invitations, health. */
import { openDrawer } from "../app/drawer";
import { useChalkline } from "../app/state";
import { Empty } from "../ui/empty";
import { Page } from "../ui/page";
import { AdminOrder } from "../order/admin";
import { Bots } from "../programs/bots";
import { OwnCommands } from "../programs/own-commands";
import { Audit } from "./audit";
import { Channels } from "./channels";
import { HealthView } from "./health";
import { Invites } from "./invites";
import { Users } from "./users";

const TABS = [
  { tab: "", label: "People", Part: Users },
  { tab: "channels", label: "Channels", Part: Channels },
  { tab: "invitations", label: "Invitations", Part: Invites },
  { tab: "bots", label: "Bots", Part: Bots },
  { tab: "commands", label: "Commands", Part: OwnCommands },
  { tab: "moderation", label: "Moderation", Part: AdminOrder },
  { tab: "audit", label: "Audit", Part: Audit },
  { tab: "health", label: "Server", Part: HealthView },
];

export function Admin({ tab }: { tab: string }) {
  const { session } = useChalkline();
  const { Part, tab: here } = TABS.find((one) => one.tab === tab) ?? TABS[0]!;
  const tabs = TABS.map((one) => ({
    href: one.tab ? `/admin/${one.tab}` : "/admin",
    label: one.label,
    isHere: one.tab === here,
  }));
  if (session.me.value?.role !== "admin") {
    return (
      <Page title="Administration" onMenu={openDrawer}>
        <Empty icon="shield" title="This is for admins">
          <p>Ask an admin of this server if you need something from here.</p>
        </Empty>
      </Page>
    );
  }
  return (
    <Page title="Administration" onMenu={openDrawer} tabs={tabs}>
      <Part />
    </Page>
  );
}
