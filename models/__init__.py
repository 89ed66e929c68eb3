"""The tables: columns, keys, constraints, enums and plain properties. No rules."""

from models.audit import AuditEntry
from models.base import Base
from models.budget import BudgetLine, Spending
from models.campaigns import Campaign, CampaignStatus, Exclusion, TextTemplate, Upload, UploadedPhone, Wording
from models.canned_replies import CannedReply
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
from models.staff import Role, SignInFailure, Staff, StaffSession
from models.tallies import Tally, Watermark
from models.tickets import (
    FINAL_STATUSES,
    LIVE_STATUSES,
    Channel,
    Clock,
    Escalation,
    EventKind,
    OpenQuestion,
    Priority,
    Status,
    Ticket,
    TicketEvent,
    TicketViewer,
    Verdict,
)

__all__ = [
    "FINAL_STATUSES",
    "LIVE_STATUSES",
    "OPEN_STATES",
    "Attempt",
    "AuditEntry",
    "Base",
    "BudgetDate",
    "BudgetLine",
    "Campaign",
    "CampaignStatus",
    "CannedReply",
    "Category",
    "Channel",
    "Citizen",
    "Clock",
    "County",
    "DeliveryReport",
    "Department",
    "Direction",
    "Escalation",
    "EventKind",
    "Exclusion",
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
    "Priority",
    "Project",
    "ProjectStatus",
    "Role",
    "Run",
    "SignInFailure",
    "SmsSpending",
    "Spending",
    "Staff",
    "StaffSession",
    "State",
    "Status",
    "Subcounty",
    "Tally",
    "TextTemplate",
    "Ticket",
    "TicketEvent",
    "TicketViewer",
    "Upload",
    "UploadedPhone",
    "UssdHop",
    "UssdSession",
    "Verdict",
    "Ward",
    "Watermark",
    "Wording",
    "project_ward",
]
