"""Stylesheets and scripts: fetched once by a browser, and again as soon as one of them is another."""

import re

from flask.testing import FlaskClient

from handlers import dress

_FILES = re.compile(r'(?:href|src)="([^"]+\.(?:css|js|svg))"')
_IMPORT = re.compile(r"""(?:from|import)\s+["']([^"']+)["']""")


def test_files_are_kept_for_a_year_at_addresses_with_a_version(client: FlaskClient) -> None:
    files = _FILES.findall(client.get("/console/sign-in").text)
    assert len(files) > 3
    for file in files:
        assert dress.address() in file
        kept = client.get(file, buffered=True).headers["Cache-Control"]
        assert {"public", "immutable", "max-age=31536000"} <= set(kept.split(", ")), file


def test_what_is_not_there_is_not_kept(client: FlaskClient) -> None:
    answer = client.get(f"{dress.address()}/nothing.css")
    assert (answer.status_code, "max-age" in answer.headers.get("Cache-Control", "")) == (404, False)


def test_a_script_imports_from_beside_itself_so_that_the_version_goes_along() -> None:
    imports = [name for file in (dress.FOLDER / "console").glob("*.js") for name in _IMPORT.findall(file.read_text())]
    assert len(imports) > 4
    assert [name for name in imports if not name.startswith("./")] == []
