"""Asking the assistant at the page, and what is on it then."""

import re

from playwright.async_api import Locator, Page, expect

from tests.web.visitor import composer_of


def answers(page: Page) -> Locator:
    return page.locator("article[data-seq]", has=page.locator(".answer"))


def words_of(page: Page) -> Locator:
    """What the last answer says."""
    return answers(page).last.locator(".prose")


async def ask(page: Page, text: str) -> None:
    await composer_of(page).fill(text)
    await composer_of(page).press("Enter")
    await expect(composer_of(page)).to_have_value("")


async def is_under_way(page: Page) -> int:
    """Something was said, and more comes; how much it was."""
    await expect(answers(page).last.locator(".is-running")).to_be_visible()
    await expect(words_of(page)).to_have_text(re.compile(r"\w"))
    return len(await words_of(page).inner_text())
