/** What every question in a channel begins with: its instructions and its model. All read it, who keeps order sets it. */
import { useEffect, useId, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { AiChannel } from "../protocol/wire";
import type { JoinedChannel } from "../state";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { Area } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";
import { setUps } from "./model-menu";
import { aiWords } from "./words";

const MAX_CHARACTERS = 8000;

export function ChannelAi({ channel }: { channel: JoinedChannel }) {
  const state = useChalkline();
  const [settings, setSettings] = useState<AiChannel | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    state.ai.settings(channel.id).then(setSettings, (error) => setWrong(aiWords(asFault(error), state)));
  }, [channel.id]);
  const isOwnPlace = channel.kind === "ai";
  return (
    <Dialog title={`The assistant in this ${isOwnPlace ? "conversation" : "channel"}`} onClose={closeOverlay}>
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!settings && !wrong && <Loading />}
      {settings && (maySet(channel) ? <Change channel={channel} was={settings} /> : <Read settings={settings} />)}
    </Dialog>
  );
}

const maySet = ({ kind, membership }: JoinedChannel): boolean => kind === "direct" || membership.role !== "member";

function Change({ channel, was }: { channel: JoinedChannel; was: AiChannel }) {
  const state = useChalkline();
  const submission = useSubmission();
  const id = useId();
  const [system, setSystem] = useState(was.system);
  const [model, setModel] = useState(was.model ?? "");
  const models = state.ai.models.value ?? [];
  const left = MAX_CHARACTERS - [...system].length;
  const save = async () => {
    await state.ai.setUp(channel.id, { model: model || null, system: system.trim() });
    setUps.value += 1;
    closeOverlay();
    notify("The assistant will keep to it from the next question on");
  };
  return (
    <Form submission={submission} onSubmit={save} fields={["system"]} words={(fault) => aiWords(fault, state)}>
      <Area
        label="Instructions"
        hint="Every question here begins with them, whoever asks. Everybody in the channel can read them."
        placeholder="You help a pottery. Answer briefly, in the language of the question."
        rows={6}
        value={system}
        error={left < 0 ? `${-left} characters too long` : submission.wrong("system")}
        onInput={(event) => setSystem(event.currentTarget.value)}
      />
      <div class="field">
        <label for={id}>Model</label>
        <select id={id} value={model} onChange={(event) => setModel(event.currentTarget.value)}>
          <option value="">Whoever asks chooses</option>
          {was.model && !models.some((one) => one.id === was.model) && (
            <option value={was.model}>{was.model} (not offered now)</option>
          )}
          {models.map((one) => (
            <option key={one.id} value={one.id}>
              {one.id}
              {one.is_default ? " (the server’s choice)" : ""}
            </option>
          ))}
        </select>
      </div>
      <DialogActions>
        <Button onClick={closeOverlay}>Cancel</Button>
        <Button type="submit" look="primary" busy={submission.busy} disabled={left < 0}>
          Save
        </Button>
      </DialogActions>
    </Form>
  );
}

function Read({ settings }: { settings: AiChannel }) {
  return (
    <dl class="ai-settings">
      <dt>Instructions</dt>
      <dd dir="auto">{settings.system || "None: the model answers as it usually does."}</dd>
      <dt>Model</dt>
      <dd dir="auto">{settings.model ?? "Whoever asks chooses."}</dd>
      <dd class="soft">Owners and moderators can change this.</dd>
    </dl>
  );
}
