"""What waits to be written into the action log, and since when?"""

from datetime import UTC, datetime

from redis.exceptions import RedisError

from records.action_log import spool, stream


def waiting_since() -> datetime | None:
    """Since when (UTC) the entry waits that waits longest in the stream. Raises redis.RedisError while that is away."""
    with stream.Reader() as reader:
        entries = reader.first(1)
    if not entries:
        return None
    milliseconds, _number = stream.place(entries[0][0])
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def is_written(until: datetime) -> bool:
    """Whether all that happened before `until` (UTC) is in the table, as far as this machine can see: nothing older
    waits in the stream, and nothing at all in the files of its spool. Where nobody can tell, it is not."""
    try:
        since = waiting_since()
    except RedisError:
        return False
    return (since is None or since >= until) and not spool.waiting()
