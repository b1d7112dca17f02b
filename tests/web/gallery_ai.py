"""The assistant in the gallery: what it said and did, and where it is asked and set up. Its provider is scripted."""

import re
from typing import Any

from playwright.async_api import Page, expect

from tests.fakes.provider import FakeProvider, Step, begin, call, call_end, done, reset, say, stall, usage
from tests.house import Person
from tests.web.visitor import composer_of

FIRING = """Raise it **slowly**, and nothing cracks:

| until | how fast | why |
| --- | --- | --- |
| 120 °C | 60 °C an hour | water leaves the clay |
| 600 °C | 100 °C an hour | quartz grows at 573 °C |
| 1,060 °C | as it likes | |

1. Leave the lid open a hand wide until 600 °C.
2. Then close it.

```python
hours = (120 - 20) / 60 + (600 - 120) / 100
```

See [the table of its maker](https://example.org/kilns/2231)."""

PLAN = "It comes on **Thursday at nine**, and carol has no key to the yard yet."
HALF = "It is on the left of the door. To switch it"
USED = usage({"prompt_tokens": 1480, "completion_tokens": 212, "total_tokens": 1692})


def settings(fake: FakeProvider) -> dict[str, str]:
    """Of the gallery's server."""
    return {
        "AI_BASE_URL": fake.url,
        "AI_MODELS": "chalk-large,chalk-small",
        "AI_TIMEOUTS": "5/600/600",
        "AI_BUDGETS": "user/day=9000,workspace/month=900000",
    }


async def furnish_ai(fake: FakeProvider, alice: Person, bob: Person, workshop: int) -> dict[str, int]:
    """Answers in a channel, good and broken ones; a conversation with branches; one in which nothing was asked."""
    firing = await alice.channel("firing", description="Temperatures and times")
    await alice.call("PUT", f"/channels/{firing}/members/{bob.id}", {})
    await _ask(fake, alice, firing, "How do I fire the first batch?", begin, say(FIRING), USED, done)
    fake.script(begin, call("search_history", '{"text": "kiln"}'), call_end(), USED, done)
    await _ask(fake, bob, firing, "@assistant when does the kiln come?", begin, say(PLAN), USED, done)
    await _ask(fake, alice, firing, "Where is the fuse box?", begin, say(HALF, finish=None), reset)
    conversation = (await alice.post("/ai/conversations", {}))["id"]
    asked = await _ask(
        fake, alice, conversation, "How long does a firing take?", begin, say("A day."), USED, done
    )
    fake.script(begin, say("Nine hours and a half, if nothing is wet."), USED, done)
    await alice.post(f"/ai/runs/{asked['run_id']}/regenerate", {})
    beginning = (await alice.post("/ai/conversations", {}))["id"]
    glazes = await alice.channel("glazes")
    pinned = {"model": "chalk-small", "system": "You help a pottery. Answer briefly."}
    await alice.call("PUT", f"/channels/{workshop}/ai", pinned)
    fake.default = (begin, say("Red clay and a **white", finish=None), stall)
    return {"firing": firing, "conversation": conversation, "beginning": beginning, "glazes": glazes}


async def _ask(fake: FakeProvider, who: Person, channel: int, text: str, *steps: Step) -> dict[str, Any]:
    fake.script(*steps)
    body = {"channel_id": channel, "text": text, "client_id": f"q{len(fake.asked)}"}
    answer: dict[str, Any] = (await who.call("POST", "/ai/chat", body)).json()
    return answer


async def ask_mode(page: Page) -> None:
    button = page.get_by_role("button", name="Ask the assistant", exact=True)
    if await button.get_attribute("aria-pressed") == "false":
        await button.click()
    await composer_of(page).fill("Which glaze goes with the red clay?")


async def answering(page: Page) -> None:
    """Asked once; the answer never ends."""
    under_way = page.get_by_text("The assistant is answering", exact=True).first
    if not await under_way.is_visible():
        await composer_of(page).fill("/ask Which glaze goes with the red clay?")
        await composer_of(page).press("Enter")
    await expect(page.get_by_text("Red clay and a")).to_be_visible()


async def models(page: Page) -> None:
    await ask_mode(page)
    await page.get_by_role("button", name=re.compile("^Model: ")).click()


async def used(page: Page) -> None:
    await models(page)
    await page.get_by_role("menuitem", name="What you have used").click()
    await expect(page.locator("meter").first).to_be_visible()


async def instructions(page: Page) -> None:
    await page.get_by_role("button", name="Channel menu").click()
    await page.get_by_role("menuitem", name="Instructions for the assistant").click()
    await expect(page.get_by_label("Instructions", exact=True)).to_be_visible()


async def tool(page: Page) -> None:
    await page.locator("summary", has_text="Searched the channel").click()


async def rephrase(page: Page) -> None:
    await page.locator("article", has_text="How long does a firing take?").first.focus()
    await page.keyboard.press("b")
    await expect(page.get_by_text("Asking this in other words")).to_be_visible()


async def draw(page: Page) -> None:
    await page.get_by_role("button", name="Ask the assistant about this sketch").click()
    await page.get_by_label("What should it draw").fill("A flow chart of a firing")


VIEWS = (
    ("answers", "firing", tool),
    ("answering", "glazes", answering),
    ("asking", "workshop", ask_mode),
    ("asking-whom", "workshop", models),
    ("ai-used", "workshop", used),
    ("ai-instructions", "workshop", instructions),
    ("conversation", "conversation", None),
    ("conversation-branch", "conversation", rephrase),
    ("conversation-beginning", "beginning", None),
)
"""Names, channels, and the steps that lead on from there."""
