"""Whether this instance can do its work: asked by load balancers and by people who look for a fault."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

CHECK_SECONDS = 2.0

Check = Callable[[], Awaitable[object]]


class Health:
    """Ready while every check passes and nobody has begun to drain it."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self.is_draining = False

    async def report(self) -> dict[str, str]:
        """A check's name -> `ok`, or what is wrong with it."""
        report = {name: await self._run(check) for name, check in self._checks.items()}
        if self.is_draining:
            report["instance"] = "draining"
        return report

    async def _run(self, check: Check) -> str:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await check()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the report
            return type(error).__name__
        return "ok"
