"""All lists of the desk in one reading; they are the same for every agent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from journey.desk import lists
from journey.desk.agents import shown_names
from journey.desk.lists import Line
from journey.desk.owed import Owed, owed


@dataclass(frozen=True)
class Glance:
    """What agents see at a glance; `names` is what each account is shown as."""

    waiting: Sequence[Line]
    taken: Sequence[Line]
    snoozed: Sequence[Line]
    live: Sequence[Line]
    closed: Sequence[Line]
    owed: Sequence[Owed]
    names: Mapping[str, str]

    @property
    def customers(self) -> set[str]:
        """Whom these lists show something of."""
        every = (self.waiting, self.taken, self.snoozed, self.live, self.closed)
        listed = {line.conversation.customer_id for one in every for line in one}
        return listed | {row.conversation.customer_id for row in self.owed}

    def taken_by(self, agent: str) -> Sequence[Line]:
        """Return what one agent answers."""
        return [x for x in self.taken if x.handoff and x.handoff.agent == agent]


def glance(session: Session, now: datetime) -> Glance:
    """Read all lists."""
    waiting, taken, snoozed, live, closed = lists.all_lists(session, now)
    return Glance(
        waiting=waiting,
        taken=taken,
        snoozed=snoozed,
        live=live,
        closed=closed,
        owed=owed(session),
        names=shown_names(session),
    )
