"""What an incoming thing leaves behind: each is told apart, and stored once."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from web.channels.changes import Changes
from web.channels.hearing import Hearing
from web.channels.incoming import Incoming, Kind
from web.channels.persons import Persons
from web.channels.reports import Reports
from web.channels.stand import Stand
from web.edge import RateLimit
from web.texts import Texts

Taker = Callable[[Incoming], str | None]


class Intake:
    """Takes one thing that a channel's provider told us."""

    def __init__(
        self,
        session: Session,
        channel: str,
        texts: Texts,
        rate: RateLimit,
        now: datetime,
    ) -> None:
        stand = Stand(session, channel, texts, rate, now)
        self._hear = Hearing(stand).hear
        changes, reports, persons = Changes(stand), Reports(stand), Persons(stand)
        self._takers: Mapping[Kind, Taker] = {
            Kind.EDIT: changes.edit,
            Kind.DELETION: changes.delete,
            Kind.REACTION: changes.react,
            Kind.RECEIPT: reports.report,
            Kind.BLOCKED: reports.block,
            Kind.OPT_OUT: reports.opt_out,
            Kind.PERSON: persons.step_aside,
            Kind.TAKEN: persons.step_aside,
            Kind.GIVEN_BACK: persons.step_back,
        }

    def take(self, one: Incoming) -> str | None:
        """Store a thing; return the conversation in which it is new."""
        return self._takers.get(one.kind, self._hear)(one)
