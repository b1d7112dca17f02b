"""One text for everybody, whoever comes and goes and whichever instance is killed. `make ai-crowd` is the long one."""

from pathlib import Path

from tests.system.ai_crowd import VIEWERS, crowd

RUNS = 45


async def test_every_viewer_has_one_text_of_every_answer_while_both_instances_are_killed_in_turn(
    tmp_path: Path, empty_database: str
) -> None:
    findings = await crowd(empty_database, tmp_path, RUNS, print)

    assert findings.differing == []
    assert findings.runs == RUNS
    assert findings.interrupted > 0
    assert findings.failed == 0
    assert findings.comings > VIEWERS * RUNS
