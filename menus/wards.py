"""Choosing a ward: sub-county first, then its wards. Shared by all that happens somewhere."""

from menus.shapes import Menu, Option, Screen, Talk
from menus.words import N_


def subcounty_menu(talk: Talk, to: Screen) -> Menu:
    """Gives the sub-counties, each leading to `to` with its code as the answer `subcounty`."""
    return Menu(
        talk.say(N_("Which sub-county?")),
        tuple(Option(place.name, to, {"subcounty": place.code}) for place in talk.county.subcounties()),
    )


def ward_menu(talk: Talk, to: Screen) -> Menu:
    """Gives the wards of the chosen sub-county, each leading to `to` with its code as the answer `ward`."""
    return Menu(
        talk.say(N_("Which ward?")),
        tuple(Option(ward.name, to, {"ward": ward.code}) for ward in talk.county.wards(talk.answers["subcounty"])),
    )
