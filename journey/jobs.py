"""The periodic jobs: what runs by itself, how often, in one list.

A job is a function over (session, now, random). It takes rows that are due with
`FOR UPDATE SKIP LOCKED`, finishes them in the same transaction, and returns how many
it finished; it is called again, each time in a new transaction, until that is 0. So a
death loses nothing and doubles nothing, and two schedulers share the rows. A job that
asks another service commits its claim before it does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from journey.coach.mandates.minding import Minding
from journey.coach.unasked import COMPOSERS
from journey.desk import snoozing
from journey.desk.unattended import Unattended
from journey.foresight import watches
from journey.foresight.looking_ahead import LookingAhead
from journey.foresight.looking_wider import LookingWider
from journey.knowledge import Knowledge
from journey.language.speech import load_speech
from journey.learning.contest import refit_models
from journey.learning.teaching import Teacher
from journey.owner.help import Help
from journey.proactive.follow import settle_sent
from journey.proactive.send import Sending
from journey.promises.watch import PromiseWatch
from journey.shop import looking
from journey.shop.port import Shop
from journey.shop.pulling import PULL, Pulling
from journey.shop.remote import RemoteShop
from journey.shop.runner import Runner
from journey.theirs.forgetting import drop_calls

BEAT = "beat"


class Run(Protocol):
    """What a job does in one transaction; returns how many rows it finished."""

    def __call__(self, session: Session, *, now: datetime, random: Random) -> int:
        """Take some of what is due and finish it."""


@dataclass(frozen=True)
class Job:
    """Something that runs by itself; `when` is a trigger of APScheduler."""

    name: str
    when: BaseTrigger
    run: Run


def jobs(knowledge: Knowledge, shop: Shop, terms: Path) -> tuple[Job, ...]:
    """Return every periodic job; a new one is added here.

    `terms` is where the engine reads the words of the catalogue.
    """
    sending = Sending(knowledge, load_speech(), COMPOSERS, shop)
    promises = PromiseWatch(knowledge)
    ahead = LookingAhead(knowledge)
    minding = Minding(knowledge, shop)
    help = Help(
        knowledge.languages, knowledge.policies.people, knowledge.risks, knowledge.rules
    )
    unattended = Unattended(help)
    return (
        *_of_shop(knowledge, shop, terms),
        Job(BEAT, every(seconds=10), beat),
        Job("wake_snoozed", every(seconds=20), snoozing.wake_due),
        Job("tell_nobody_came", every(seconds=15), unattended.tell),
        Job("send_proactive", every(seconds=10), sending.run),
        Job("watch_promises", every(minutes=1), promises.run),
        Job("list_pairs", every(minutes=15), ahead.list_pairs),
        Job("look_ahead", every(minutes=10), ahead.look),
        Job("look_wider", nightly(hour=5), LookingWider(knowledge).look),
        Job("look_at_watches", every(minutes=1), watches.look),
        Job("plan_mandates", every(minutes=5), minding.plan),
        Job("act_on_mandates", every(minutes=1), minding.act),
        Job("settle_proactive", every(seconds=30), settle_sent),
        Job("refit", nightly(hour=3), refit_models),
        Job("forget_calls", nightly(hour=4), drop_calls),
    )


def _of_shop(knowledge: Knowledge, shop: Shop, terms: Path) -> tuple[Job, ...]:
    free = Job("free_stock", every(seconds=30), looking.free_stock)
    if not isinstance(shop, RemoteShop):
        return (free,)
    runner = Runner(shop.platform, Teacher(knowledge), load_speech())
    pulling = Pulling(shop.platform, knowledge, terms)
    return (
        free,
        Job(PULL, every(hours=6), pulling.run),
        Job("run_errands", every(seconds=2), runner.run),
        Job("look_after_orders", every(minutes=30), looking.look_after),
        Job("tidy_shop", nightly(hour=4), looking.tidy),
    )


def every(**time: float) -> BaseTrigger:
    """Return the trigger of what runs again after so much time."""
    return IntervalTrigger(seconds=timedelta(**time).total_seconds(), timezone="UTC")


def nightly(hour: int = 3, minute: int = 0, timezone: str = "UTC") -> BaseTrigger:
    """Return the trigger of what runs once a day, at an hour."""
    return CronTrigger(hour=hour, minute=minute, timezone=timezone)


def beat(session: Session, *, now: datetime, random: Random) -> int:
    """Do nothing: that its run is recorded shows that the scheduler lives."""
    del session, now, random
    return 0
