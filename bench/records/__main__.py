"""What records cost on this machine: sealing, expiry, one person, the log of actions. Kills are in crash.py."""

from bench.records import actions, people, retention, sealing


def main() -> None:
    for part in (sealing, retention, people, actions):
        part.main()


if __name__ == "__main__":
    main()
