"""How are a day's actions summed up, so that no sum tells of fewer than five people?

Decision 0030 says why each step is there. Parameters of each: `start`, `end` (UTC), `day`, `final`, `few`, `other`.
"""

# What counts as looking at a page: asked for by a person, answered with one. Of a browser that says GPC or DNT no
# pseudonym is written; such views have `visitor` NULL.
_SEEN = """
seen AS MATERIALIZED (
    SELECT id, at, visitor, left(path, 300) AS path, campaign, device, language,
        substring(source from '^[a-z-]+://(?:www[.])?([^/]*)') AS source,
        regexp_replace(browser, ' [0-9]+$', '') AS browser,
        regexp_replace(system, ' [0-9]+$', '') AS system
    FROM records_action
    WHERE at >= %(start)s AND at < %(end)s AND kind = 'page' AND method <> 'HEAD' AND NOT bot
        AND (status BETWEEN 200 AND 299 OR status = 304)
)"""


def _fives(number: str) -> str:
    """Rounded to the nearest five."""
    return f"(({number} + 2) / 5 * 5)"


_INSERT = "INSERT INTO home_tally (day, of, value, visitors, views, final)"

ALL = f"""
{_INSERT}
WITH {_SEEN}, whole AS (SELECT count(DISTINCT visitor) AS visitors, count(*) AS views FROM seen)
SELECT %(day)s, 'all', '',
    CASE WHEN views = 0 THEN 0 WHEN visitors < %(few)s THEN NULL
        WHEN %(final)s THEN visitors ELSE {_fives("visitors")} END,
    CASE WHEN views = 0 THEN 0 WHEN visitors >= %(few)s THEN {_fives("views")} END,
    %(final)s
FROM whole
"""  # noqa: S608 - constants

# Each visitor stands under one value of each question, the first of their day: so the groups of a question add up to
# all visitors, and each of them, and each difference of sums of them, is a sum of groups.
BY_VISITOR = f"""
{_INSERT}
WITH {_SEEN}, visit AS MATERIALIZED (
    SELECT DISTINCT ON (visitor) visitor, path AS entry, coalesce(source, '') AS source, campaign, device, browser,
        system, language, count(*) OVER (PARTITION BY visitor) AS views
    FROM seen WHERE visitor IS NOT NULL ORDER BY visitor, at, id
), loose AS (SELECT count(*) AS views FROM seen WHERE visitor IS NULL
), counted AS (
    SELECT of, value, count(*) AS visitors, sum(views)::bigint AS views
    FROM visit CROSS JOIN LATERAL (VALUES ('entry', entry), ('source', source), ('campaign', campaign),
        ('device', device), ('browser', browser), ('system', system), ('language', language)) AS question (of, value)
    GROUP BY of, value
), ranked AS (
    SELECT *, visitors < %(few)s AS small,
        coalesce(sum(visitors) FILTER (WHERE visitors < %(few)s) OVER (PARTITION BY of), 0) AS rest,
        row_number() OVER (PARTITION BY of, visitors < %(few)s ORDER BY visitors, value) AS place
    FROM counted
), veiled AS (
    SELECT of, visitors, counted.views, small
        OR (place = 1 AND rest < %(few)s AND (rest > 0 OR loose.views > 0)) AS hidden, value
    FROM ranked AS counted CROSS JOIN loose
), told AS (
    SELECT of, CASE WHEN hidden THEN %(other)s ELSE value END AS value, sum(visitors)::bigint AS visitors,
        (sum(veiled.views) + CASE WHEN hidden THEN max(loose.views) ELSE 0 END)::bigint AS views
    FROM veiled CROSS JOIN loose GROUP BY of, hidden, CASE WHEN hidden THEN %(other)s ELSE value END
)
SELECT %(day)s, of, value, CASE WHEN %(final)s THEN visitors ELSE {_fives("visitors")} END, {_fives("views")}, %(final)s
FROM told WHERE visitors >= %(few)s
"""  # noqa: S608 - constants

# People see several pages: from exact numbers somebody could reckon how many saw both of two. So visitors are told in
# steps of five as well, and those of all hidden pages are counted anew, each once.
PAGES = f"""
{_INSERT}
WITH {_SEEN}, page AS MATERIALIZED (
    SELECT path, count(DISTINCT visitor) AS visitors FROM seen GROUP BY path
), rest AS (
    SELECT count(DISTINCT visitor) AS visitors, count(*) AS views FROM seen JOIN page USING (path)
    WHERE page.visitors < %(few)s
), joined AS (
    SELECT path FROM page CROSS JOIN rest
    WHERE page.visitors >= %(few)s AND rest.views > 0 AND rest.visitors < %(few)s
    ORDER BY page.visitors, path LIMIT 1
), told AS (
    SELECT CASE WHEN page.visitors < %(few)s OR path IN (SELECT path FROM joined) THEN %(other)s ELSE path END AS value,
        count(DISTINCT visitor) AS visitors, count(*) AS views
    FROM seen JOIN page USING (path) GROUP BY 1
)
SELECT %(day)s, 'page', value, {_fives("visitors")}, {_fives("views")}, %(final)s
FROM told WHERE visitors >= %(few)s
"""  # noqa: S608 - constants

EVERY = (ALL, BY_VISITOR, PAGES)
