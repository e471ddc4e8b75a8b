"""Which promises does this floor check itself?"""

from records.promises import answered, columns, disclosed, drained, proven, retained, safekeeping
from records.promises.checks import register


def register_own() -> None:
    register("records.periods", retained.each)
    register("records.runs", retained.runs)
    register("records.drain", drained.in_time, heavy=True)  # asks Valkey
    register("records.columns", columns.undeclared)
    register("records.requests", answered.in_time)
    register("records.grounds", disclosed.on_listed_grounds)
    register("records.recipients", disclosed.to_named_recipients, heavy=True)
    register("records.chains", proven.unaltered, heavy=True)
    register("records.keys", safekeeping.keys_renewed)
    register("records.backups", safekeeping.backed_up)
