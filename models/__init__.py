"""The tables: columns, keys, constraints, enums and plain properties. No rules."""

from models.base import Base
from models.budget import BudgetLine, Spending
from models.citizens import Citizen
from models.county import BudgetDate, Category, County, Department, Holiday, Kind, Place, Subcounty, Ward
from models.messages import (
    OPEN_STATES,
    Attempt,
    DeliveryReport,
    Direction,
    Lane,
    LaneName,
    Lineage,
    Message,
    Pace,
    SmsSpending,
    State,
)
from models.projects import Follow, Project, ProjectStatus, project_ward
from models.runs import Run
from models.sessions import Outcome, UssdHop, UssdSession
from models.staff import Role, Staff
from models.tallies import Tally, Watermark
from models.tickets import Channel, EventKind, OpenQuestion, Status, Ticket, TicketEvent

__all__ = [
    "OPEN_STATES",
    "Attempt",
    "Base",
    "BudgetDate",
    "BudgetLine",
    "Category",
    "Channel",
    "Citizen",
    "County",
    "DeliveryReport",
    "Department",
    "Direction",
    "EventKind",
    "Follow",
    "Holiday",
    "Kind",
    "Lane",
    "LaneName",
    "Lineage",
    "Message",
    "OpenQuestion",
    "Outcome",
    "Pace",
    "Place",
    "Project",
    "ProjectStatus",
    "Role",
    "Run",
    "SmsSpending",
    "Spending",
    "Staff",
    "State",
    "Status",
    "Subcounty",
    "Tally",
    "Ticket",
    "TicketEvent",
    "UssdHop",
    "UssdSession",
    "Ward",
    "Watermark",
    "project_ward",
]
