"""When each periodic job runs next, and how its last run went."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Short


class JobState(Base):
    """One row per periodic job, held by the scheduler that runs it."""

    __tablename__ = "job_states"

    name: Mapped[Short] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    ran_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
