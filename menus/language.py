"""Choosing a language. One appears only when its catalogue is complete."""

from menus.intents import SetLanguage
from menus.shapes import Jump, Menu, Option
from menus.words import languages


def language_menu(title: str, text: str = "") -> Menu:
    """Gives the menu of languages, each by its own name; choosing one leads home."""
    options = tuple(Option(name, Jump.HOME, intent=SetLanguage(code)) for code, name in languages().items())
    return Menu(title, options, text=text)
