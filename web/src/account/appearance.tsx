import { singleKeys, theme } from "../app/preferences";
import { Choice } from "../ui/field";

export function Appearance() {
  return (
    <section class="card">
      <Choice
        label="Colours"
        value={theme.value}
        onChange={(value) => {
          theme.value = value;
        }}
        options={[
          { value: "system", label: "As the device has it" },
          { value: "light", label: "Light" },
          { value: "dark", label: "Dark" },
        ]}
      />
      <Choice
        label="Shortcuts of a single key"
        value={singleKeys.value}
        onChange={(value) => {
          singleKeys.value = value;
        }}
        options={[
          { value: "on", label: "On", hint: "“?” shows the shortcuts, letters go to the message field" },
          { value: "off", label: "Off", hint: "Better with speech input; shortcuts with Ctrl or Alt stay" },
        ]}
      />
      <p class="soft">This browser remembers your choice.</p>
    </section>
  );
}
