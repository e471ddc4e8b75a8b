"""How many messages may leave now? Token buckets in Valkey, filled by its own clock and shared by every worker."""

from functools import lru_cache

import redis
from django.conf import settings
from redis.commands.core import Script

SECONDS_TO_ANSWER = 5

# A bucket is one number: the instant (microseconds) at which it was, or would have been, empty. What it holds now is
# the time since then over the time that one message takes, and never more than a second's worth, or one. It is
# forgotten once it is full. A clock that was set back makes it empty, not overdrawn.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local granted = tonumber(ARGV[1])
local buckets = {}
for i, key in ipairs(KEYS) do
    local each = 1000000 / tonumber(ARGV[i + 1])
    local most = math.max(1, tonumber(ARGV[i + 1])) * each
    local empty_at = tonumber(redis.call('GET', key) or 0)
    if empty_at > now then
        empty_at = now
        redis.call('SET', key, string.format('%.0f', now), 'PX', math.ceil(most / 1000) + 1)
    end
    empty_at = math.max(empty_at, now - most)
    granted = math.min(granted, math.floor((now - empty_at) / each + 0.000001))
    buckets[i] = {key, empty_at, each, most}
end
if granted < 1 then
    return 0
end
for _, bucket in ipairs(buckets) do
    local empty_at = bucket[2] + granted * bucket[3]
    redis.call('SET', bucket[1], string.format('%.0f', math.ceil(empty_at)), 'PX', math.ceil(bucket[4] / 1000) + 1)
end
return granted
"""


def take(wanted: int, *, provider: str, campaign: int = 0, per_minute: int | None = None) -> int:
    """How many of `wanted` messages to mailboxes of `provider` may leave now, by settings.MAIL_RATES (a second, for
    all and for the provider) and the campaign's own limit; what it grants counts as sent. Takes from all limits or from
    none. With no limit, `wanted`, and nobody is asked. Raises ConnectionError while Valkey is away: nothing may leave
    then, for nobody knows how much did."""
    limits = {
        f"provider:{name}": settings.MAIL_RATES[name] for name in ("all", provider) if name in settings.MAIL_RATES
    }
    if per_minute:
        limits[f"campaign:{campaign}"] = per_minute / 60
    if wanted < 1 or not limits:
        return max(0, wanted)
    keys = [f"{{candor:mail-rate}}:{name}" for name in limits]  # the braces keep them on one node of a cluster
    try:
        return int(_script(settings.REDIS_URL)(keys=keys, args=[wanted, *limits.values()]))
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise ConnectionError("Valkey, which counts what leaves, does not answer") from error


@lru_cache(maxsize=4)
def _script(url: str) -> Script:
    client = redis.Redis.from_url(url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER)
    return client.register_script(_TAKE)
