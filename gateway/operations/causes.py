"""What may be amiss, by the short names that operators are told and that the README's runbook explains.

Two more are put together: `lane NAME: REASON` and `job NAME is late`.
"""

from enum import StrEnum


class Cause(StrEnum):
    """A cause without a name of its own in it. The first four keep citizens from being answered."""

    DATABASE = "database"
    SCHEMA = "schema"
    COUNTY_PACK = "county pack"
    SPOOL = "spool"
    DISK = "disk"
    SPOOL_WAITS = "spool waits"
    SPOOL_SET_ASIDE = "spool set aside"
    REDIS = "redis"
    REPLIES_WAIT = "replies wait"
    CAMPAIGNS_WAIT = "campaigns wait"
    TEXTS_WAIT = "texts wait"
    REPORTS_FOR_NOBODY = "reports for nobody"
    REPORTS_QUARANTINED = "reports quarantined"
    AUDIT_LOG_BROKEN = "audit log broken"
    TROUBLES_UNKNOWN = "troubles unknown"
