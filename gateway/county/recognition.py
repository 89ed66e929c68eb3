"""What a text is about and where, as far as its words say."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gateway.county import lexicon, places
from models import Category


@dataclass(frozen=True)
class About:
    """The wards and categories a text may mean: one is sure, several are to be asked about."""

    wards: tuple[str, ...]
    categories: tuple[str, ...]
    names_elsewhere: bool = False  # a place that lies outside the county too: its ward is never sure

    @property
    def ward(self) -> str | None:
        """The ward, where it is sure."""
        return self.wards[0] if len(self.wards) == 1 and not self.names_elsewhere else None

    @property
    def category(self) -> str | None:
        """The category, where it is sure."""
        return self.categories[0] if len(self.categories) == 1 else None


def recognise(db: Session, text: str) -> About:
    """Gives what a text is about."""
    wards = places.wards_in(text, places.gazetteer(db))
    return About(
        wards=tuple(ward for ward in wards if ward),
        categories=lexicon.categories_in(text, lexicon.lexicon(db)),
        names_elsewhere="" in wards,
    )


def is_urgent(db: Session, words: str, *, of_urgent: bool, of_sensitive: bool) -> bool:
    """Whether a case of these words is urgent: by its category or, in a sensitive one, by an urgent word.

    What is sensitive is filed as that whatever else it is about, so that the category hides a fire or a wound.
    """
    return of_urgent or (of_sensitive and lexicon.is_urgent(words, lexicon.lexicon(db)))


def category(db: Session, about: About) -> Category | None:
    """Gives the category that a text is about, None where it is not sure."""
    return db.get(Category, about.category) if about.category else None
