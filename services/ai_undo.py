"""Taking back what an answer drew: all of it at once, and what others drew stays."""

from models.accounts import Actor
from models.ai_answers import Answered
from models.errors import Conflict, Forbidden, NotFound
from models.facts import channel_topic
from models.ids import RunId
from models.sketches import Altered
from services import policy
from services.ai import AiService
from services.ai_ports import Drawings
from services.ai_views import AiViews
from services.ports import Publisher
from services.sketch_alterations import Alterations


class UndoService:
    """Sketches first, then the message: whoever asks again after a failure in between finishes it."""

    def __init__(
        self,
        ai: AiService,
        views: AiViews,
        alterations: Alterations,
        drawings: Drawings,
        publisher: Publisher,
    ) -> None:
        self._ai = ai
        self._views = views
        self._alterations = alterations
        self._drawings = drawings
        self._publisher = publisher

    async def undo(self, actor: Actor, run_id: RunId) -> Answered:
        """A second time changes nothing. Raises NotFound, Forbidden; Conflict while it runs, or if it drew nothing."""
        run, standing = await self._ai.seen(actor, run_id)
        if not policy.may_stop(actor, standing, run.asker_id):
            raise Forbidden(
                "Only who asked, and the channel's moderators, may take back what an answer drew."
            )
        if run.status == "running":
            raise Conflict("The answer is still under way: stop it first.")
        drawn = await self._drawings.of(run.channel_id, run.id)
        for sketch in dict.fromkeys(place for place, _ in drawn):
            altered: list[Altered] = [one for place, made in drawn if place == sketch for one in made]
            try:
                await self._alterations.undo(actor, sketch, altered)
            except NotFound:
                continue  # the sketch is gone, with all that was on it
        told = await self._drawings.undone(run, actor.user_id) if drawn else None
        if told is not None:
            self._publisher.tell(channel_topic(run.channel_id), [told])
        answered = await self._views.now(actor, run_id)
        if not drawn and not any(
            use.undone for use in (answered.message.ai.tools if answered.message.ai else ())
        ):
            raise Conflict("This answer drew nothing.")
        return answered
