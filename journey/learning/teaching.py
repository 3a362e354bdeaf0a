"""The owner's knowledge, with the catalogue that serves and what was learned in it.

It is made anew when one of them changes: an import is heard of at the next message.
"""

from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.catalogue.serving import read_catalogue, serving_head
from journey.knowledge import Knowledge
from journey.learning.likelihoods import learned_counts, taught
from journey.store.tables import CatalogueHead, LearnedSign

State = tuple[int, int]
"""The number of the catalogue that serves, and how many signs were counted."""


class Teacher:
    """Hands out the knowledge as things stand; safe to share between threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Keep what the owner's files say."""
        self._files = knowledge
        self._lock = Lock()
        self._owners = (0, knowledge)
        self._current: tuple[State, Knowledge] = ((0, 0), knowledge)

    def knowledge(self, session: Session) -> Knowledge:
        """Return the owner's knowledge with the catalogue and counts that are seen."""
        state = _state(session)
        known, current = self._current
        if state == known:
            return current
        with self._lock:
            owners = self._selling(session, state[0])
            current = taught(owners, learned_counts(session))
            self._current = (state, current)
        return current

    def _selling(self, session: Session, number: int) -> Knowledge:
        known, owners = self._owners
        head = serving_head(session) if number != known else None
        if head is not None:
            owners = self._files.selling(read_catalogue(session, head))
            self._owners = (head.number, owners)
        return owners


def _state(session: Session) -> State:
    number = select(func.max(CatalogueHead.number)).scalar_subquery()
    signs = select(func.sum(LearnedSign.count)).scalar_subquery()
    found = session.execute(select(number, signs)).one()
    return found[0] or 0, found[1] or 0
