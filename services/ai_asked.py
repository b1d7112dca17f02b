"""What an ask has made of the log: the run, its question and its answer, as they are told and read."""

from dataclasses import dataclass

from models import wire
from models.ai import Begun, ContextMessage, NewRun, Run, RunInfo
from models.chat import Message
from models.ids import AI_USER, Seq


@dataclass(frozen=True, slots=True)
class Asked:
    """The run that an ask began, or had begun before: its asker may watch it."""

    run: Run
    is_new: bool


def asked_of(new: NewRun, begun: Begun) -> Asked:
    assert begun.run_id is not None
    assert begun.seq is not None
    assert begun.question_seq is not None
    run = Run(
        *(begun.run_id, new.workspace_id, new.channel_id, begun.seq, begun.question_seq, new.asker_id),
        *(new.model, "running", 1),
    )
    return Asked(run, begun.outcome == "begun")


def question_of(new: NewRun, begun: Begun) -> Message:
    """As it was posted."""
    assert begun.question_seq is not None
    assert begun.asked_at is not None
    return Message(
        *(new.channel_id, begun.question_seq, new.asker_id, "file" if begun.attachments else "text"),
        *(new.text, new.client_id, begun.asked_at),
        reply_to=None if new.reply_to is None else Seq(new.reply_to),
        thread=begun.thread,
        attachments=wire.files_of(begun.attachments),
    )


def as_read(new: NewRun, begun: Begun) -> ContextMessage:
    """The question as a model gets to read it."""
    one = question_of(new, begun)
    return ContextMessage(one.seq, one.author_id, begun.username or "", one.kind, one.text, one.reply_to)


def answer_of(new: NewRun, begun: Begun) -> Message:
    """As it was posted: still empty."""
    run = asked_of(new, begun).run
    assert begun.began_at is not None
    return Message(
        *(new.channel_id, run.seq, AI_USER, "ai", "", f"ai:{run.id}", begun.began_at),
        reply_to=begun.question_seq,
        thread=begun.thread,
        ai=RunInfo(run.id, "running", new.model, new.asker_id),
    )
