"""Commands for the sample shop's owner: look at orders and move them on."""

from datetime import UTC, datetime

import click
from sqlalchemy import select

from journey.cli.settings import Settings
from journey.deliveries import settle_delivery
from journey.orders import Status, WrongMove, advance, find_number, items_of, total
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import Order


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(order)


@click.group()
def order() -> None:
    """Look at orders and move them on."""


@order.command("list")
@click.pass_obj
def list_orders(settings: Settings) -> None:
    """List the orders, newest first."""
    with reading(open_engine(settings.database_url)) as session:
        for row in session.scalars(select(Order).order_by(Order.number.desc())):
            items = ", ".join(
                f"{item.quantity} x {item.product_id}"
                for item in items_of(session, row)
            )
            click.echo(f"{row.number}  {row.status:10} {total(session, row)}  {items}")


@order.command("status")
@click.argument("number", type=int)
@click.argument("status", type=click.Choice([status.value for status in Status]))
@click.pass_obj
def move_order(settings: Settings, number: int, status: str) -> None:
    """Move an order to its next status."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        row = find_number(session, number)
        if row is None:
            raise click.ClickException(f"no order has the number {number}")
        try:
            now = datetime.now(UTC)
            advance(session, row, Status(status), now, by="owner")
            settle_delivery(session, row, now)
        except WrongMove as error:
            raise click.ClickException(str(error)) from error
