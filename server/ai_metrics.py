"""The numbers of answers."""

from collections.abc import Iterator
from typing import get_args

from prometheus_client.core import Metric

from models.ai import RunStatus
from server.ai_parts import AiParts
from server.metric_families import counter, counters, gauge, histogram


def ai_metrics(ai: AiParts) -> Iterator[Metric]:
    """Of one instance, also where no model is set up."""
    counts, provider = ai.runner.counts, ai.provider
    ended = {status: counts.ended[status] for status in get_args(RunStatus) if status != "running"}
    yield gauge("ai_running", "Answers under way here", len(ai.runner.live))
    yield counters("ai_runs", "Answers that ended, by how", "status", ended)
    tokens = {"prompt": counts.prompt_tokens, "completion": counts.completion_tokens}
    yield counters("ai_tokens", "Tokens of ended answers", "kind", tokens)
    tools = {outcome: counts.tools[outcome] for outcome in ("ok", "refused")}
    yield counters("ai_tools", "Tool calls of ended answers", "outcome", tools)
    yield histogram(
        "ai_first_token_seconds", "From a run's beginning to its first piece", counts.first_tokens
    )
    yield histogram("ai_delta_seconds", "From one piece of an answer to the next", counts.deltas)
    yield gauge("ai_upstream", "Open requests to providers", provider.open)
    yield counter("ai_failovers", "Tries after one that failed before it said anything", provider.failovers)
