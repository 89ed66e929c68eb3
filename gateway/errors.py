"""Everything that can go wrong and has a name. One tree, so that a door can catch what the gateway means."""


class GatewayError(Exception):
    """The root: its text is one line that an operator can act on."""


class Told(GatewayError):
    """One that is told to a member of staff in one sentence.

    `sentence` holds its values as `%(name)s`, so that the console can say it in the reader's language.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values)
        self.sentence, self.values = sentence, values


class BadSetting(GatewayError):
    """A setting is missing or wrong; the gateway refuses to start."""


class BadPack(GatewayError):
    """The county pack has a fault; the text names the file and the line."""


class BadImport(GatewayError):
    """A file of projects or budget lines can't be taken as it is."""


class BadSheet(BadImport, Told):
    """A file can't be read as rows."""


class BadCallback(GatewayError):
    """The carrier's request lacks what is needed to answer it; nothing was changed."""


class SpoolClosed(GatewayError):
    """A callback can be kept neither in the database nor on disk: the carrier must not be told that it was."""


class ReferenceTaken(GatewayError):
    """Two cases drew the same reference; the later one draws again."""


class EmbeddedServerFailed(GatewayError):
    """The PostgreSQL or Redis that comes along did not start; the text says why."""


class BadAccount(GatewayError):
    """A staff account can't be made or changed as it was asked for."""


class BadCitizens(GatewayError):
    """Sample citizens can't be made as it was asked for."""


class NotSentAgain(GatewayError):
    """An SMS must not be sent again; the text says why."""


class NotMigrated(GatewayError):
    """The tables can't be brought to the newest schema now; the text says why. Nothing was changed."""


class BackupFailed(GatewayError):
    """A backup could not be made or restored; nothing was changed."""


class Refused(Told):
    """What a member of staff asked for can't be done; nothing was changed."""


class NoSuchTicket(Refused):
    """There is no such ticket among those that this member of staff may see."""


class Stale(Refused):
    """Somebody else changed the ticket since it was shown; what was typed is theirs to keep."""
