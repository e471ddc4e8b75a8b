"""Who works at the demo's company, and in which roles of the CMS?"""

from django.contrib.auth.models import Group, User

PASSWORD = "candor"  # noqa: S105 - printed by the demo, which listens on loopback only
COMPANY = "harbour-lane.example"
# One for each role. Vera does everything in a small company, and approves what others have written.
ROLES = {
    "erin": ("Erin", "Lund", ["Editor"]),
    "milo": ("Milo", "Brandt", ["Marketer"]),
    "petra": ("Petra", "Vos", ["Privacy officer"]),
    "sam": ("Sam", "Okoro", ["Support"]),
    "vera": ("Vera", "Holt", ["Editor", "Marketer", "Moderators", "Privacy officer", "Support"]),
}


def add() -> User:
    """Makes every account; returns Vera, who has written what the site holds."""
    add_admin()
    for name, (first, last, roles) in ROLES.items():
        user = User.objects.create_user(name, f"{name}@{COMPANY}", PASSWORD, first_name=first, last_name=last)
        user.groups.set(Group.objects.filter(name__in=roles))
    return User.objects.get(username="vera")


def add_admin() -> None:
    """As `manage.py createsuperuser` does; nobody new where the database has one."""
    if not User.objects.filter(username="admin").exists():
        User.objects.create_superuser("admin", f"admin@{COMPANY}", PASSWORD)


def in_words() -> list[str]:
    """A line for each account: its name and what it may do."""
    said = {name: roles[0] if len(roles) == 1 else "all of these" for name, (_first, _last, roles) in ROLES.items()}
    return [f"{name:<6} {what}" for name, what in (said | {"admin": "superuser"}).items()]
