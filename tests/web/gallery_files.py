"""The gallery's channel with files in it, and its views."""

from collections.abc import Awaitable, Callable, Mapping

from playwright.async_api import FilePayload, Page, expect

from tests.handlers.pictures import picture
from tests.handlers.uploading import uploaded
from tests.house import Person


async def talk_of_trips(people: dict[str, Person], channel: int) -> None:
    """With two pictures and a table."""
    await people["carol"].say(channel, "Two places are left in the van for Saturday.")
    await people["bob"].say(channel, "I'd take one.")
    shown = [("the lake.png", picture(960, 640)), ("the hut.png", picture(600, 800))]
    files = [
        await uploaded(people["carol"], channel, data, name)
        for name, data in (*shown, ("costs.csv", b"van,120\nfuel,60\n"))
    ]
    await people["carol"].say(channel, "From last year:", attachments=[file["id"] for file in files])


async def _open_image(page: Page) -> None:
    await page.get_by_role("button", name="Open the lake.png").click()
    await expect(page.get_by_role("dialog").locator("img")).to_be_visible()


async def _add_files(page: Page) -> None:
    chosen: list[FilePayload] = [
        {"name": "packing list.txt", "mimeType": "text/plain", "buffer": b"boots"},
        {"name": "map.png", "mimeType": "image/png", "buffer": picture(300, 200)},
    ]
    await page.get_by_label("Files to add").set_input_files(chosen)
    await expect(page.get_by_text("5 bytes")).to_be_visible()
    await expect(page.locator(".tray-face")).to_be_visible()


FILE_VIEWS: Mapping[str, Callable[[Page], Awaitable[object]] | None] = {
    "files": None,
    "image": _open_image,
    "adding-files": _add_files,
}
"""What to do in that channel for each."""
