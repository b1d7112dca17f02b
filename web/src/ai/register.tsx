/** The AI's part of the page: answers among the messages, asking in the composer, conversations in the sidebar. */
import {
  bodies,
  channelMenus,
  channelStarts,
  composerModes,
  mentionable,
  messageActions,
  messageExtras,
  type MessageContext,
  ownCommands,
  sidebarSections,
} from "../chat/features";
import { sketchButtons, sketchPanels } from "../sketch/features";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icon";
import { ASSISTANT } from "../words";
import "./answer.css";
import "./asking.css";
import "./places.css";
import { Answer } from "./answer";
import { AskBar } from "./ask-bar";
import { AskToggle } from "./ask-toggle";
import { ask, askingIn, asksIn, attempt, isThere, mayStop, rephrase } from "./asking";
import { QuestionSteps } from "./branch-steps";
import { HANDLE } from "./commands";
import { Conversations, menuItems } from "./conversations";
import { DrawButton, DrawPanel } from "./drawing";
import { ConversationStart } from "./start";

bodies.set("ai", Answer);
messageExtras.push(QuestionSteps);
channelMenus.push(menuItems);
channelStarts.set("ai", ConversationStart);
sidebarSections.push(Conversations);
sketchButtons.push(DrawButton);
sketchPanels.push(DrawPanel);

mentionable.push((state) =>
  isThere(state)
    ? {
        key: HANDLE,
        mark: <Avatar id={ASSISTANT} name="Assistant" size="small" />,
        title: "Assistant",
        note: `@${HANDLE}`,
        text: `@${HANDLE}`,
      }
    : null,
);

ownCommands.push((state) =>
  isThere(state)
    ? { key: "ask", mark: <Icon name="slash" />, title: "/ask", note: "question · Ask the assistant", text: "/ask" }
    : null,
);

composerModes.push({
  id: "ask",
  Bar: AskBar,
  Toggle: AskToggle,
  placeholder: (channel) => (askingIn(channel).isOn.value ? "Ask the assistant" : null),
  press: (keys, text, channel) => {
    const { isOn, branchOf } = askingIn(channel);
    if (keys !== "Esc" || channel.kind === "ai" || !isOn.peek() || text || branchOf.peek() !== null) return false;
    isOn.value = false;
    return true;
  },
  take: (posting, state) => {
    if (!asksIn(posting, state)) return false;
    void ask(posting, state);
    return true;
  },
});

const runOf = ({ message }: MessageContext) => message.ai?.run_id ?? 0;
const isRunning = ({ message }: MessageContext) => message.ai?.status === "running";

messageActions.push(
  {
    id: "ai-stop",
    label: "Stop",
    icon: "stop",
    isHandy: true,
    key: "s",
    isOffered: (context) => isRunning(context) && mayStop(context.message, context.channel, context.state),
    run: (context) => void attempt(context.state.ai.stop(runOf(context)), context.state),
  },
  {
    id: "ai-again",
    label: "Answer again",
    icon: "redo",
    isHandy: true,
    key: "g",
    isOffered: (context) =>
      !!context.message.ai && !isRunning(context) && !context.message.deleted_at && isThere(context.state) === true,
    run: (context) => {
      const model = askingIn(context.channel).model.peek();
      void attempt(context.state.ai.again(runOf(context), model ?? undefined), context.state);
    },
  },
  {
    id: "ai-rephrase",
    label: "Ask in other words",
    icon: "edit",
    isHandy: true,
    key: "b",
    isOffered: ({ message, channel, state }) =>
      channel.kind === "ai" &&
      !message.ai &&
      !message.deleted_at &&
      message.author_id === state.session.me.value?.id &&
      isThere(state) === true,
    run: ({ message, channel, state }) => rephrase(channel, message, state),
  },
  {
    id: "ai-about",
    label: "Ask about this",
    icon: "sparkles",
    key: "a",
    isOffered: ({ message, channel, state }) => channel.kind !== "ai" && !message.deleted_at && isThere(state) === true,
    run: ({ message, channel, reply }) => {
      askingIn(channel).isOn.value = true;
      reply(message.seq);
    },
  },
);
