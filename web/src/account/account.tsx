/** Oneself: the profile, the password, the places one is signed in, and how the page looks. */
import { openDrawer } from "../app/drawer";
import { Page } from "../ui/page";
import { Appearance } from "./appearance";
import { Notifications } from "./notifications";
import { Password } from "./password";
import { Profile } from "./profile";
import { Sessions } from "./sessions";

const TABS = [
  { tab: "", label: "Profile", Part: Profile },
  { tab: "notifications", label: "Notifications", Part: Notifications },
  { tab: "appearance", label: "Appearance", Part: Appearance },
  { tab: "password", label: "Password", Part: Password },
  { tab: "sessions", label: "Sessions", Part: Sessions },
];

export function Account({ tab }: { tab: string }) {
  const { Part, tab: here } = TABS.find((one) => one.tab === tab) ?? TABS[0]!;
  const tabs = TABS.map((one) => ({
    href: one.tab ? `/account/${one.tab}` : "/account",
    label: one.label,
    isHere: one.tab === here,
  }));
  return (
    <Page title="Your account" onMenu={openDrawer} tabs={tabs}>
      <Part />
    </Page>
  );
}
