"""What stands where a person would: nobody is called so, and it is not one person who answered often."""

from __future__ import annotations

from partnerkpi.vocabulary import BLANK, UNKNOWN, lines

NOBODY = (
    BLANK
    | UNKNOWN
    | lines(
        "anonyme, anónimo, anônimo, anonimo, anoniem, anonim, anonymní, anonymous user, anonymous respondent",
        "anonymous response, (anonymous), anonymized, anonymised, anonymisiert, anonymer teilnehmer, anonyme antwort",
        "anonymisé, anonymizado, anonimizado, anonimizzato, geanonimiseerd, redacted, (redacted), [redacted], hidden",
        "(hidden), [hidden], masked, deleted, (deleted), [deleted], deleted user, gdpr deleted, gdpr, removed",
        "withheld, not provided, not disclosed, undisclosed, confidential, vertraulich, confidentiel, confidencial",
        "riservato, vertrouwelijk, guest, guest user, gast, invité, invitado, convidado, ospite, no email, no e-mail",
        "no name, no contact, keine e-mail, kein name, ohne name, ohne namen, sans nom, sin nombre, sem nome, private",
        "*, **, ***, ****, *****, ******, xx, xxx, xxxx, xxxxx, gelöscht",
        "匿名, 匿名希望, 匿名ユーザー, 匿名用户, 非公開, 무기명, 익명",
    )
)
