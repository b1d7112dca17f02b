/** A server that nobody has an account on: whoever comes first runs it, and begins a first channel. */
import { useState } from "preact/hooks";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import { Field } from "../ui/field";
import { notify } from "../ui/live";
import { asFault } from "../protocol/faults";
import { faultWords } from "../words";
import { AccountForm } from "./door";

export function FirstRun() {
  const { channels, instance, session } = useChalkline();
  const [channel, setChannel] = useState("general");
  if (instance.value?.registration === "closed") {
    return (
      <>
        <h1>Almost there</h1>
        <p>
          Accounts are made on the command line here. Run <code>chalkline users create NAME --admin</code>, then load
          this page again.
        </p>
      </>
    );
  }
  const create = async (form: Parameters<typeof session.register>[0]) => {
    await session.register(form);
    try {
      const made = await channels.create({ name: channel.trim() || "general" });
      navigate(channelPath(made.id), "replace");
    } catch (error) {
      // The account is there; the channel can be made from the page.
      notify(`The channel could not be made. ${faultWords(asFault(error))}`, true);
    }
  };
  return (
    <>
      <h1>Welcome</h1>
      <p class="soft">
        This server is new. The first account runs it: it can invite others, and look after people and channels.
      </p>
      <AccountForm invite={null} action="Create account and channel" create={create}>
        <Field
          label="First channel"
          hint="Where everybody meets. More can follow at any time."
          maxLength={80}
          value={channel}
          onInput={(event) => setChannel(event.currentTarget.value)}
        />
      </AccountForm>
    </>
  );
}
