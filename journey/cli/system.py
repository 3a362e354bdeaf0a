"""Commands for the shop's own system: is it reached, its catalogue, its errands."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import func, select

from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.catalogue.serving import serving_head
from journey.catalogue.terms import write_terms
from journey.cli.settings import Settings, shop_of
from journey.knowledge import load_knowledge
from journey.shop.errands import State
from journey.shop.platform import Platform, PlatformError
from journey.shop.pulling import pull_catalogue, store_pulled
from journey.shop.remote import RemoteShop
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import Errand, Order, Product

SHOWN = 10


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(shop)


@click.group()
def shop() -> None:
    """Connect the shop's own system: WooCommerce or Shopify."""


@contextmanager
def _connected() -> Iterator[Platform]:
    """Talk to the shop's system; what it refuses is said in one sentence."""
    found = shop_of(os.environ)
    if not isinstance(found, RemoteShop):
        text = "COACH_SHOP_SYSTEM names no system: the embedded shop serves"
        raise click.ClickException(text)
    try:
        yield found.platform
    except PlatformError as error:
        text = f"{found.name} does not answer as it should: {error}"
        raise click.ClickException(text) from error
    finally:
        found.platform.close()


@shop.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Say whether the shop is reached, and in one sentence what is wrong if not."""
    if shop_of(os.environ).at_once:
        click.echo("The embedded shop serves: orders are placed in our own tables.")
        return
    with _connected() as platform:
        where, currency = platform.check(), platform.currency()
        click.echo(f"{platform.name} is reached: {where}, prices in {currency}.")
        _check_catalogue(settings, currency)
        if not platform.hears:
            text = f"{platform.secret_setting} is not set: webhooks are all refused"
            raise click.ClickException(text)


def _check_catalogue(settings: Settings, currency: str) -> None:
    mapped = select(func.count()).where(
        Product.active, Product.external_id.is_not(None)
    )
    failed = select(func.count()).where(Errand.state == State.FAILED)
    with reading(open_engine(settings.database_url)) as session:
        head, known = serving_head(session), session.scalar(mapped) or 0
        failures = session.scalar(failed)
    if head is None or not known:
        raise click.ClickException("no product is from there: run `coach shop pull`")
    if head.currency != currency:
        text = f"the catalogue is in {head.currency}, the shop sells in {currency}"
        raise click.ClickException(f"{text}: run `coach shop pull`")
    click.echo(f"{known} products can be ordered; {failures} errands failed so far.")


@shop.command()
@click.option("--check", is_flag=True, help="Only report; change nothing.")
@click.option("--delivery-days", type=click.IntRange(0, 365), help="Working days.")
@click.pass_obj
def pull(settings: Settings, check: bool, delivery_days: int | None) -> None:
    """Take the shop's whole catalogue in the place of the one before."""
    knowledge, report = load_knowledge(settings.data), Report()
    days = delivery_days or knowledge.policies.delivery.standard.days[0]
    with _connected() as platform:
        given = Given(platform.currency(), days, "", datetime.now(UTC))
        catalogue, ids = pull_catalogue(platform, knowledge.catalogue, given, report)
    _tell(report, settings.var / "imports" / f"{platform.name}.faults.csv")
    if not catalogue.products:
        raise click.ClickException("no product is left: the catalogue stays as it was")
    if check:
        click.echo(f"{len(catalogue.products)} products could be taken.")
        return
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        now = datetime.now(UTC)
        head = store_pulled(session, catalogue, ids, platform.name, now)
        count, kinds = head.products, len(catalogue.categories)
    write_terms(catalogue, settings.terms)
    click.echo(f"{count} products in {kinds} categories serve from now on.")


def _tell(report: Report, where: Path) -> None:
    for why, count in report.skipped.items():
        click.echo(f"{count} left out: {why}.")
    for fault in report.faults[:SHOWN]:
        click.echo(str(fault))
    if report.faults:
        where.parent.mkdir(parents=True, exist_ok=True)
        report.write(where)
        click.echo(f"{len(report.faults)} faults, all of them in {where}.")


@shop.command()
@click.argument("url")
@click.pass_obj
def webhooks(settings: Settings, url: str) -> None:
    """Have the shop tell us of orders and products; URL is where our site is."""
    del settings
    if not url.startswith("https://"):
        raise click.ClickException("the address must begin with https")
    with _connected() as platform:
        made = platform.subscribe(f"{url.rstrip('/')}/shop/{platform.name}")
    click.echo(f"{len(made)} webhooks are new." if made else "All were there already.")


@shop.command()
@click.option("--retry", type=int, help="Try a failed errand again, by its number.")
@click.pass_obj
def errands(settings: Settings, retry: int | None) -> None:
    """List what the shop's system still has to do, and what failed there."""
    engine = open_engine(settings.database_url)
    if retry is not None:
        _retry(settings, retry)
    query = (
        select(Errand, Order)
        .join(Order, Order.id == Errand.order_id)
        .where(Errand.state != State.DONE)
        .order_by(Errand.number)
    )
    with reading(engine) as session:
        for errand, order in session.execute(query):
            tries = f"{errand.attempts} tries" if errand.attempts else ""
            click.echo(
                f"{errand.number}  {errand.state:6} {errand.kind:6} "
                f"order {order.number}  {tries}  {errand.failure or ''}".rstrip()
            )


def _retry(settings: Settings, number: int) -> None:
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        errand = session.get(Errand, number)
        if errand is None or errand.state != State.FAILED or errand.kind == "place":
            text = f"errand {number} did not fail, or is an order that was given up"
            raise click.ClickException(text)
        errand.state, errand.retry_at = State.NEW, None
        errand.made_at = datetime.now(UTC)
