"""From words to text and HTML, through the templates `mail.txt.j2` and `mail.html.j2` or those of the user."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerkpi.config import Config
from partnerkpi.demo.templates import template_files
from partnerkpi.errors import ConfigError
from partnerkpi.mail.wording import Message

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from partnerkpi.settings import Brand

HTML, TEXT = "mail.html.j2", "mail.txt.j2"
_WIDTH = 72


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, ready to be read."""

    text: str
    html: str


class Renderer:
    """The two templates of one run. ConfigError for a template of the user's own that cannot be read or filled in."""

    def __init__(self, config: Config) -> None:
        self._brand: Brand = config.settings.brand
        own = config.settings.mail.template
        self._html = self._load(config.beside(own) if own is not None else None, HTML)
        self._text = self._load(_text_beside(config, own), TEXT)

    def render(self, message: Message, recipient: str | None = None) -> Rendered:
        """Return a message as text and HTML; `recipient` is whom the greeting names."""
        filling = {"message": message, "recipient": recipient or "", "brand": _plain(self._brand)}
        return Rendered(self._fill(self._text, filling), self._fill(self._html, filling))

    def _load(self, own: Path | None, name: str) -> Template:
        from jinja2 import TemplateError

        environment = _environment(html=name == HTML)
        try:
            if own is not None:
                source = own.read_text(encoding="utf-8")
            else:
                source = next(file for file in template_files() if file.name == name).read_text(encoding="utf-8")
            template = environment.from_string(source)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigError(
                f"the mail template {own} cannot be read ({reason.lower()}): see [mail] template"
            ) from None
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            raise ConfigError(f"the mail template {own}, line {line}: {error}") from None
        template.filename = str(own or name)
        return template

    def _fill(self, template: Template, filling: dict[str, Any]) -> str:
        from jinja2 import TemplateError

        try:
            return template.render(filling)
        except (TemplateError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigError(
                f"the mail template {template.filename} cannot be filled in: {error}. "
                "'partnerkpi template DIR' writes the original to compare with"
            ) from None


def _environment(*, html: bool) -> Environment:
    # Sandboxed, because a template may come from somebody else; strict, because a gap in a mail is seen by executives.
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(autoescape=html, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters["fold"] = fold
    return environment


def _text_beside(config: Config, own: str | None) -> Path | None:
    """Return the user's text template, which stands beside the HTML one; None where there is none."""
    if own is None:
        return None
    path = config.beside(own)
    text = path.with_name(path.name.replace(".html", ".txt"))
    return text if text != path and text.is_file() else None


def _plain(brand: Brand) -> dict[str, str]:
    return {
        "name": brand.name or "",
        "accent": brand.accent.removeprefix("#"),
        "ink": brand.ink.removeprefix("#"),
        "font": brand.font,
        "footer": brand.footer,
    }


def fold(text: str, indent: str = "", first: str | None = None) -> str:
    """Return a text in lines of at most 72 characters, indented; words and figures with their units stay whole."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
