/** Whether this browser tells of calls, and the hours in which it doesn't. */
import { useEffect, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import { allowNotifications, notifications, stopNotifications } from "../notify/permission";
import { asFault } from "../protocol/faults";
import { Button } from "../ui/button";
import { Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";
import { faultWords } from "../words";

const WORDS = {
  on: "This browser tells you of what calls for you while you look elsewhere.",
  off: "This browser shows nothing while you look elsewhere.",
  denied: "You have forbidden it in this browser. Its settings for this page can allow it again.",
  unsupported: "This browser can’t show notifications.",
};

export function Notifications() {
  const now = notifications.value;
  return (
    <>
      <section class="card">
        <h2>In this browser</h2>
        <p class="soft">{WORDS[now]}</p>
        {now === "off" && (
          <Button look="primary" icon="bell" onClick={() => void allowNotifications()}>
            Show notifications
          </Button>
        )}
        {now === "on" && (
          <Button icon="bellOff" onClick={stopNotifications}>
            Stop notifications
          </Button>
        )}
        <p class="soft">What calls for you is chosen in each channel’s menu: mentions, unless you say otherwise.</p>
      </section>
      <ThisDevice />
      <QuietHours />
    </>
  );
}

const OBSTACLES = {
  insecure: "It takes a secure connection: this page came over plain http. Open it by its https address.",
  unsupported:
    "This browser can’t be told anything while no page is open. On an iPhone or iPad, first add Chalkline to the home screen.",
  switched_off: "Whoever runs this server has switched it off.",
};

function ThisDevice() {
  const { device, instance } = useChalkline();
  const [isBusy, setBusy] = useState(false);
  const { obstacle } = device;
  const isOn = device.isOn.value;
  const change = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    } finally {
      setBusy(false);
    }
  };
  const toggle = async () => {
    if (isOn) return device.turnOff();
    await allowNotifications();
    if (notifications.peek() === "on") await device.turnOn();
  };
  return (
    <section class="card">
      <h2>When Chalkline isn’t open</h2>
      <label class="check">
        <input
          type="checkbox"
          role="switch"
          checked={isOn}
          disabled={isBusy || !instance.value || obstacle !== null || notifications.value === "denied"}
          onChange={(event) => {
            event.currentTarget.checked = isOn;
            void change(toggle);
          }}
        />
        Notify me on this device
      </label>
      {obstacle && <p class="notice">{OBSTACLES[obstacle]}</p>}
      {isOn && (
        <label class="check">
          <input
            type="checkbox"
            checked={device.showsText.value}
            disabled={isBusy}
            onChange={(event) => void change(() => device.setShowsText(event.currentTarget.checked))}
          />
          Show what messages say
        </label>
      )}
      <p class="soft">
        Notices come by your browser’s own push service, encrypted so that only this browser can read them. They end
        when you sign out.
      </p>
    </section>
  );
}

function QuietHours() {
  const { attention } = useChalkline();
  const submission = useSubmission();
  const [isOn, setOn] = useState<boolean | null>(null);
  const [start, setStart] = useState("22:00");
  const [end, setEnd] = useState("07:00");
  const [wrong, setWrong] = useState("");
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  useEffect(() => {
    attention.quietHours().then(
      (hours) => {
        setOn(hours !== null);
        if (!hours) return;
        setStart(hours.start);
        setEnd(hours.end);
      },
      (error: unknown) => setWrong(faultWords(asFault(error))),
    );
  }, [attention]);
  const save = async () => {
    await attention.setQuietHours(isOn ? { start, end, timezone } : null);
    notify(isOn ? `Quiet from ${start} to ${end}` : "No quiet hours");
  };
  return (
    <section class="card">
      <h2>Quiet hours</h2>
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {isOn === null && !wrong && <Loading />}
      {isOn !== null && (
        <Form submission={submission} onSubmit={save} fields={["start", "end"]}>
          <label class="check">
            <input type="checkbox" checked={isOn} onChange={(event) => setOn(event.currentTarget.checked)} />
            Do not disturb me every day at these hours
          </label>
          <div class="field-row">
            <Field
              label="From"
              type="time"
              value={start}
              disabled={!isOn}
              onInput={(event) => setStart(event.currentTarget.value)}
            />
            <Field
              label="To"
              type="time"
              value={end}
              disabled={!isOn}
              onInput={(event) => setEnd(event.currentTarget.value)}
            />
          </div>
          <p class="soft">By the clock of {timezone.replaceAll("_", " ")}, on all your devices.</p>
          <div>
            <Button type="submit" look="primary" busy={submission.busy}>
              Save
            </Button>
          </div>
        </Form>
      )}
    </section>
  );
}
