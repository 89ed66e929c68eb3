"""The operator's commands: `flask --app wsgi …`. Each uses the running embedded servers, or starts them for itself."""

from flask import Flask

from handlers.commands.audit import audit_group
from handlers.commands.backups import back_up, restore
from handlers.commands.citizens import citizens_group
from handlers.commands.loading import budget_group, county_group, db_group, projects_group
from handlers.commands.sending import lane_group, messages_group, reconcile
from handlers.commands.staff import staff_group

GROUPS = (
    db_group,
    county_group,
    projects_group,
    budget_group,
    staff_group,
    lane_group,
    messages_group,
    audit_group,
    citizens_group,
)


def register(app: Flask) -> None:
    """Hangs the commands on the application."""
    for command in (*GROUPS, back_up, restore, reconcile):
        app.cli.add_command(command)
