"""The adversarial corpus against a real server."""

from pathlib import Path

from tests.system.sketch_corpus import outcomes

GROWTH_MIB = 32.0


async def test_every_case_ends_its_sender_with_the_right_code_and_nobody_else_notices(tmp_path: Path) -> None:
    found = await outcomes(tmp_path / "data")

    assert [str(one) for one in found if not (one.is_right and one.is_unharmed)] == []
    assert found[-1].mib - found[0].mib < GROWTH_MIB
