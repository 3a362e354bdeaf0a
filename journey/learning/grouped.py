"""The population's sums as PostgreSQL groups them: one GROUP BY a table over the log.

The lessons of `journey/learning/lessons.py` once more, set by set: for logs that are
too long to go through event by event. That both give the same rows is tested.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from journey.learning.fading import EPOCH, HALF_LIFE, UNIT
from journey.learning.purchases import SAME_ORDER
from journey.learning.state import Key, Row, State

SECOND = 1_000_000
DAY = 86_400 * SECOND

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION pg_temp.products_in(told jsonb) RETURNS text[] AS $$
  SELECT coalesce(array_agg(product ORDER BY place), '{{}}') FROM (
    SELECT product, min(place) AS place FROM (
      SELECT told->>'product' AS product, 0 AS place WHERE told ? 'product'
      UNION ALL
      SELECT coalesce(item->>'product', item #>> '{{}}'), place
      FROM jsonb_array_elements(coalesce(
        nullif(told->'items', '[]'), told->'products', '[]'
      )) WITH ORDINALITY AS items(item, place)
    ) AS named GROUP BY product
  ) AS once
$$ LANGUAGE sql IMMUTABLE;

CREATE OR REPLACE FUNCTION pg_temp.micros(late timestamptz, early timestamptz)
RETURNS float8 AS $$
  SELECT (extract(epoch FROM late - early) * {SECOND})::bigint::float8
$$ LANGUAGE sql IMMUTABLE;

CREATE OR REPLACE FUNCTION pg_temp.weigh(at timestamptz) RETURNS bigint AS $$
  SELECT round({UNIT} * power(2.0::float8,
    pg_temp.micros(at, '{EPOCH.isoformat()}') / {HALF_LIFE.total_seconds() * SECOND}
  ))::bigint
$$ LANGUAGE sql IMMUTABLE;

CREATE OR REPLACE FUNCTION pg_temp.log_gap(early timestamptz, late timestamptz)
RETURNS bigint AS $$
  SELECT round({UNIT} * ln(greatest(1.0, pg_temp.micros(late, early) / {DAY})))::bigint
$$ LANGUAGE sql IMMUTABLE;
"""

LOG = """
CREATE TEMP TABLE taught ON COMMIT DROP AS
SELECT number, at, customer_id, journey_id, need, kind, payload::jsonb AS told,
  CASE WHEN kind IN (
    'order_placed', 'order_cancelled', 'return_requested', 'asked_again', 'told_others'
  ) THEN pg_temp.products_in(payload::jsonb) END AS products,
  customer_id NOT IN (SELECT customer_id FROM consents WHERE purpose = 'learning')
  OR coalesce((
    SELECT granted FROM consents
    WHERE purpose = 'learning' AND customer_id = events.customer_id AND at <= events.at
    ORDER BY at DESC, number DESC LIMIT 1
  ), true) AS willing
FROM events
WHERE customer_id IS NOT NULL AND kind IN (
  'shortlist_shown', 'option_chosen', 'option_refused', 'order_placed',
  'order_cancelled', 'return_requested', 'asked_again', 'told_others',
  'need_believed', 'question_answered',
  'summary_confirmed', 'proactive_sent', 'proactive_answered', 'lesson_deleted',
  'lesson_corrected'
)
"""
PREPARED = (
    LOG,
    "CREATE INDEX ON taught (customer_id, number) WHERE kind = 'order_placed'",
    "CREATE INDEX ON taught (customer_id, number) WHERE kind = 'summary_confirmed'",
    "CREATE INDEX ON taught (journey_id, number)"
    " WHERE kind IN ('need_believed', 'question_answered')",
    "ANALYZE taught",
)

PRODUCTS = """
WITH undone AS (
  SELECT taught.kind, taught.products, taught.need, placed.at AS placed_at,
    placed.products AS ordered, placed.need AS placed_for
  FROM taught LEFT JOIN LATERAL (
    SELECT * FROM taught AS earlier
    WHERE earlier.kind = 'order_placed' AND earlier.number < taught.number
      AND earlier.customer_id = taught.customer_id
      AND (earlier.told->>'order' IS NOT DISTINCT FROM taught.told->>'order'
        OR taught.told->>'order' IS NULL AND taught.products <@ earlier.products)
    ORDER BY earlier.number DESC LIMIT 1
  ) AS placed ON true
  WHERE taught.kind IN ('order_cancelled', 'return_requested') AND taught.willing
), undone_products AS (
  SELECT *, unnest(CASE WHEN products = '{}' THEN ordered ELSE products END) AS product
  FROM undone
), sums (need, product_id, shown, chosen, refused, ordered, returned, weight) AS (
  SELECT need, option->>'product', 1, 0, 0, 0, 0, 0::bigint
  FROM taught CROSS JOIN LATERAL jsonb_array_elements(told->'options') AS option
  WHERE kind = 'shortlist_shown' AND willing
  UNION ALL
  SELECT need, told->>'product', 0, 1, 0, 0, 0, pg_temp.weigh(at)
  FROM taught WHERE kind = 'option_chosen' AND willing
  UNION ALL
  SELECT need, told->>'product', 0, 0, 1, 0, 0, 0
  FROM taught WHERE kind = 'option_refused' AND willing
  UNION ALL
  SELECT need, unnest(products), 0, 0, 0, 1, 0, pg_temp.weigh(at)
  FROM taught WHERE kind = 'order_placed' AND willing
  UNION ALL
  SELECT need, unnest(products), 0, 0, 0, 0, 0,
    pg_temp.weigh(at) * CASE kind WHEN 'told_others' THEN 2 ELSE 1 END
  FROM taught WHERE kind IN ('asked_again', 'told_others') AND willing
  UNION ALL
  SELECT placed_for, product, 0, 0, 0, -1, 0, -pg_temp.weigh(placed_at)
  FROM undone_products WHERE kind = 'order_cancelled' AND placed_at IS NOT NULL
  UNION ALL
  SELECT CASE WHEN placed_at IS NULL THEN need ELSE placed_for END,
    product, 0, 0, 0, 0, 1, 0
  FROM undone_products WHERE kind = 'return_requested'
)
SELECT coalesce(need, '') AS need, product_id, sum(shown) AS shown,
  sum(chosen) AS chosen, sum(refused) AS refused, sum(ordered) AS ordered,
  sum(returned) AS returned, sum(weight)::bigint AS weight
FROM sums GROUP BY 1, 2
"""

NEXTS = f"""
WITH orders AS (
  SELECT at, willing, products, lag(products) OVER (
    PARTITION BY customer_id ORDER BY number
  ) AS before
  FROM taught WHERE kind = 'order_placed'
)
SELECT earlier AS product_id, later AS next_id, count(*) AS count,
  sum(weight)::bigint AS weight
FROM (
  SELECT pg_temp.weigh(at) AS weight, before[:{SAME_ORDER}] AS earliers,
    products[:{SAME_ORDER}] AS laters
  FROM orders WHERE willing AND before IS NOT NULL
) AS pairs, unnest(earliers) AS earlier, unnest(laters) AS later
GROUP BY 1, 2
"""

GAPS = """
WITH acts AS (
  SELECT number, at, customer_id, unnest(products) AS product, 0 AS forgets
  FROM taught WHERE kind = 'order_placed' AND willing
  UNION ALL
  SELECT number, NULL, customer_id, told->>'product', 1
  FROM taught
  WHERE kind IN ('lesson_deleted', 'lesson_corrected') AND told->>'product' <> ''
), spans AS (
  SELECT *, sum(forgets) OVER (
    PARTITION BY customer_id, product ORDER BY number
  ) AS span
  FROM acts
), pairs AS (
  SELECT product, at, max(at) OVER (
    PARTITION BY customer_id, product, span ORDER BY number
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) AS before
  FROM spans
)
SELECT product AS product_id, count(*) AS count, sum(log)::bigint AS logs,
  sum(log * log)::bigint AS squares
FROM (
  SELECT product, pg_temp.log_gap(before, at) AS log FROM pairs WHERE before < at
) AS gaps GROUP BY 1
"""

SIGNS = """
WITH confirmed AS NOT MATERIALIZED (
  SELECT number, customer_id, journey_id, willing, told->>'need' AS need
  FROM taught WHERE kind = 'summary_confirmed'
), fresh AS (
  SELECT *, coalesce((
    SELECT max(number) FROM confirmed AS here
    WHERE here.customer_id = one.customer_id AND here.number < one.number
      AND here.journey_id IS NOT DISTINCT FROM one.journey_id
  ), 0) AS since
  FROM confirmed AS one
  WHERE willing AND NOT EXISTS (
    SELECT FROM confirmed AS here
    WHERE here.customer_id = one.customer_id AND here.number < one.number
      AND here.journey_id IS NOT DISTINCT FROM one.journey_id AND here.need = one.need
  )
), said AS (
  SELECT fresh.number AS confirmation, fresh.need, taught.number, taught.kind, told
  FROM fresh JOIN taught ON taught.journey_id = fresh.journey_id
    AND taught.number > fresh.since AND taught.number < fresh.number
  WHERE taught.kind IN ('need_believed', 'question_answered')
), signs AS (
  SELECT 'before' AS kind, coalesce((
    SELECT earlier.need FROM confirmed AS earlier
    WHERE earlier.customer_id = fresh.customer_id AND earlier.number < fresh.number
      AND earlier.journey_id IS DISTINCT FROM fresh.journey_id
    ORDER BY earlier.number DESC LIMIT 1
  ), '') AS sign, need
  FROM fresh
  UNION ALL
  SELECT 'answer', last.sign, last.need FROM (
    SELECT DISTINCT ON (confirmation, told->>'question') need,
      (told->>'question') || '.' || (told->>'answer') AS sign
    FROM said WHERE kind = 'question_answered'
    ORDER BY confirmation, told->>'question', number DESC
  ) AS last
  UNION ALL
  SELECT 'cue', cues.sign, cues.need FROM (
    SELECT DISTINCT confirmation, need, (told->>'need') || '.' || cue AS sign
    FROM said CROSS JOIN LATERAL jsonb_array_elements_text(told->'cues') AS cue
  ) AS cues
)
SELECT kind, sign, need, count(*) AS count FROM signs GROUP BY 1, 2, 3
"""

HOURS = """
SELECT told->>'channel' AS channel, (told->>'hour')::integer AS hour,
  count(*) FILTER (WHERE kind = 'proactive_sent') AS sent,
  count(*) FILTER (WHERE kind = 'proactive_answered') AS answered
FROM taught
WHERE kind IN ('proactive_sent', 'proactive_answered') AND willing
GROUP BY 1, 2
"""

GROUPED: Mapping[str, tuple[int, str]] = {
    "learned_products": (2, PRODUCTS),
    "learned_nexts": (2, NEXTS),
    "learned_gaps": (1, GAPS),
    "learned_signs": (3, SIGNS),
    "learned_hours": (2, HOURS),
}
"""By table: how many columns are its key, and the statement that gives its rows."""


def group(connection: Connection) -> State:
    """Return the population's sums of the whole log of a PostgreSQL database."""
    for statement in (FUNCTIONS, *PREPARED):
        connection.exec_driver_sql(statement)
    found = {
        table: _rows(connection, keys, statement)
        for table, (keys, statement) in GROUPED.items()
    }
    return {table: rows for table, rows in found.items() if rows}


def _rows(connection: Connection, keys: int, statement: str) -> dict[Key, Row]:
    found: dict[Key, Row] = {}
    for stored in connection.exec_driver_sql(statement):
        values = list(stored._mapping.items())
        row: Row = {str(name): int(value) for name, value in values[keys:]}
        if any(row.values()):
            found[tuple(value for _, value in values[:keys])] = row
    return found
