/** What a message said before it was edited or deleted: for moderators. */
import { closeOverlay } from "../app/overlays";
import { Later } from "../app/later";
import type { Message } from "../protocol/wire";
import { Dialog } from "../ui/dialog";

const list = () => import("./versions-list").then((module) => module.VersionsList);

export const versionsOf = (message: Message) => (
  <Dialog title="What it said before" size="wide" onClose={closeOverlay}>
    <Later load={list} props={{ message }} />
  </Dialog>
);
