/** Opens the picker beside something; its code and its data come with the first one. */
import { Later } from "../app/later";
import { openPopup } from "../ui/popup";

const picker = () => import("./picker").then((module) => module.Picker);

export function openPicker(anchor: Element, choose: (emoji: string) => void): void {
  openPopup(anchor, "Choose an emoji", (close) => (
    <Later
      load={picker}
      props={{
        choose: (emoji: string) => {
          close();
          choose(emoji);
        },
      }}
    />
  ));
}
