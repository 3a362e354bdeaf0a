"""On which channel and at which hour a customer is likeliest to answer.

Each pair of channel and hour has counts of messages that we began and of those that
were answered, for the customer and for all. A customer's chance is drawn from a Beta
distribution with the population's share as the prior; drawing, instead of taking the
best mean, keeps other hours tried.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.proactive.wishes import Wishes
from journey.store.tables import (
    Conversation,
    Event,
    LearnedContact,
    LearnedHour,
)

USUAL = 0.3
"""The share of answered messages before anything is known."""
WHOLE, HOUR, OWN = 10.0, 8.0, 4.0
"""So many messages weigh as much as the level above."""
WROTE = 0.25
"""What a message of the customer's own at an hour counts for that hour."""
LATELY = timedelta(days=60)
MOST_HEARD = 100


@dataclass
class Tally:
    """Messages that we began, and how many of them were answered."""

    sent: float = 0
    answered: float = 0

    def share(self, prior: float, weight: float) -> float:
        """Return the share of answers, leaning on a prior."""
        return (self.answered + weight * prior) / (self.sent + weight)


Tallies = Mapping[tuple[str, int], Tally]


@dataclass(frozen=True)
class Habits:
    """What is known about answers by channel and hour: a customer's and all."""

    own: Tallies
    population: Tallies

    def draw(self, channel: str, hour: int, random: Random) -> float:
        """Draw a chance that a message on a channel at an hour is answered."""
        prior = self.usual(channel, hour)
        mine = self.own.get((channel, hour), Tally())
        missed = max(mine.sent - mine.answered, 0.0)
        return random.betavariate(
            mine.answered + OWN * prior, missed + OWN * (1 - prior)
        )

    def usual(self, channel: str, hour: int) -> float:
        """Return the share that all customers answer on a channel at an hour."""
        whole = _sum(self.population.values()).share(USUAL, WHOLE)
        here = [x for (name, _), x in self.population.items() if name == channel]
        there = _sum(here).share(whole, WHOLE)
        return self.population.get((channel, hour), Tally()).share(there, HOUR)


def _sum(tallies: Iterable[Tally]) -> Tally:
    found = list(tallies)
    return Tally(sum(x.sent for x in found), sum(x.answered for x in found))


def habits_of(
    session: Session, customer_id: str, wishes: Wishes, now: datetime
) -> Habits:
    """Return what is known of a customer's habits and of everybody's."""
    mine = select(LearnedContact).where(LearnedContact.customer_id == customer_id)
    own = {(x.channel, x.hour): _tally(x) for x in session.scalars(mine)}
    for (channel, hour), times in _wrote(session, customer_id, wishes, now).items():
        tally = own.setdefault((channel, hour), Tally())
        tally.sent += WROTE * times
        tally.answered += WROTE * times
    everybody = session.scalars(select(LearnedHour))
    return Habits(own, {(x.channel, x.hour): _tally(x) for x in everybody})


def _tally(row: LearnedContact | LearnedHour) -> Tally:
    return Tally(row.sent, row.answered)


def _wrote(
    session: Session, customer_id: str, wishes: Wishes, now: datetime
) -> Mapping[tuple[str, int], int]:
    """Return how often the customer wrote lately, by channel and their own hour."""
    query = (
        select(Event.at, Conversation.channel)
        .join(Conversation, Conversation.id == Event.conversation_id)
        .where(Event.customer_id == customer_id, Event.kind == "message_heard")
        .where(Event.at > now - LATELY)
        .order_by(Event.number.desc())
        .limit(MOST_HEARD)
    )
    found = session.execute(query)
    return Counter(
        (channel, at.astimezone(wishes.quiet.zone).hour) for at, channel in found
    )


@dataclass(frozen=True)
class Moment:
    """When and where a message goes out."""

    at: datetime
    channel: str


def choose(
    habits: Habits,
    channels: Sequence[str],
    wishes: Wishes,
    *,
    now: datetime,
    until: datetime,
    random: Random,
) -> Moment:
    """Return the most promising moment from now on until another one."""
    times = [at for at in _hours(now, until) if not wishes.quiet.holds(at)]
    moments = [Moment(at, channel) for at in times or [now] for channel in channels]
    zone = wishes.quiet.zone
    chances = [
        habits.draw(x.channel, x.at.astimezone(zone).hour, random) for x in moments
    ]
    best = moments[chances.index(max(chances))]
    if best.at == now:
        return best
    # Not all at the full hour.
    spread = best.at + timedelta(minutes=random.randrange(50))
    return Moment(wishes.quiet.next_allowed(spread), best.channel)


def _hours(now: datetime, until: datetime) -> list[datetime]:
    """Return now, and each full hour after it within a day."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    ahead = (hour + timedelta(hours=count) for count in range(1, 24))
    return [now, *(at for at in ahead if at < until)]
