"""What a server says of a login, in words of a closed list: what it repeats of the password is never one of them."""

from __future__ import annotations

import re

#: Words with which servers say why they refuse a login, those of Exchange, Gmail, Postfix, Exim and Dovecot first.
_WORDS = frozenset(
    """a access account accepted accounts administrator again address an and app application application-specific are
    at attempts auth authenticate authenticated authentication authorization bad basic be because been before blocked
    busy by can cannot certificate check client code command configured connection consent contact credential
    credentials currently database deferred denied disabled disallowed does enable enabled encryption error exceeded
    expired external failed failure fatal first for from generic has have host in incorrect internal invalid ip is
    issue it later learn license limit locked log login logins lookup lookups mail mailbox many mechanism mechanisms
    method minutes more multi-factor must need needed no not of off ok on only or organization our out parameters
    password passwords per permanent permission permitted please policy problem quota rate reason recipient recognized
    refused reject rejected relay required requires resources retry sasl scope secure security sender server service
    session sign smtp smtpclientauthentication starttls status submission support supported suspended syntax system
    temporarily temporary tenant that the this time timeout tls to token too try two-factor type unable unavailable
    unknown unrecognized unsuccessful unsupported unusual use used user username users valid verification verify via
    was web with wrong xoauth2 oauth oauth2 you your
    anmeldung benutzer benutzername fehlgeschlagen falsch gesperrt kennwort konto oder passwort und
    authentification compte connexion est et incorrecte invalide mot ou passe refusée utilisateur échec échouée
    acceso autenticación clave contraseña cuenta de fallida fallido incorrecta o usuario y""".split()  # noqa: SIM905 - words
)
_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def in_known_words(text: str) -> str:
    """Return a server's words about a login, with … for whatever is not one of the list: names, links, numbers.

    `5.7.8 Error: authentication failed: dGVhbQ==` becomes `5.7.8 Error: authentication failed: …`.
    """
    code, *words = text.split() or [""]
    kept = [code] if _CODE.fullmatch(code) else []
    for word in words if kept else text.split():
        bare = word.strip("\"'.,:;!?()[]")
        known = bare.casefold() in _WORDS
        if known or kept[-1:] != ["…"]:
            kept.append(word if known else "…")
    return " ".join(kept)
