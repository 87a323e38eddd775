"""What the words say of an activity: that it is advocacy, or goes along with it, that it is our own work, or no more.

Patterns are over plain names, as `vocabulary.plain_name` gives them; lists hold words without case.
"""

from __future__ import annotations

from partnerkpi.lazily import pattern
from partnerkpi.vocabulary import lines, plain_name

#: What partners do for us that is advocacy and nothing else, as patterns over plain names, in the known languages.
ADVOCACY = (
    r"advocacy|advocates?|ambassadors?|references?|referrals?|referenceable|referee"
    r"|case ?stud(?:y|ies)|(?:success|customer|client) stor(?:y|ies)|testimonials?|endorsements?"
    r"|(?<!business )(?<!contract )(?<!code )(?<!credit )(?<!security )(?<!performance )(?<!in )(?<!under )reviews?"
    r"|webinars?|webcasts?|speakers?|speaking|keynotes?|panell?ists?"
    r"|referenz\w*|kundenreferenz\w*|empfehlung\w*|fallstudien?|erfahrungsbericht\w*|erfolgsgeschicht\w*"
    r"|rezension\w*|testimonium|vortrag|vortrage|redner\w*|sprecher\w*"
    r"|temoignages?|etudes? de cas|cas clients?|recommandations?|avis clients?|parrainages?|conferenciers?"
    r"|referencias?|estudios? de casos?|casos? de (?:exito|estudio|sucesso)|testimonios?|recomendacion(?:es)?|resenas?"
    r"|ponentes?|ponencias?|estudos? de casos?|depoimentos?|testemunhos?|indicac(?:ao|oes)|recomendac(?:ao|oes)"
    r"|palestras?|palestrantes?|referenze?|cas[oi] di (?:studio|successo)|testimonianz[ae]|raccomandazion[ei]"
    r"|recension[ei]|relator[ei]|referenties?|aanbeveling(?:en)?|klantverhaal|klantverhalen|getuigenis(?:sen)?|sprekers?"
    r"|referens(?:er)?|rekommendation(?:er)?|fallstudier|kundcase|referanse[rn]?|anbefaling(?:er)?|kundehistori\w*"
    r"|klantcases?|klantreferenties?|\w*(?:事例|推薦|紹介|お客様の声|リファレンス|登壇|案例|推荐|사례|추천|레퍼런스)\w*"
    r"|referencj[aei]|studi(?:um|a) przypadku|polecen(?:ie|ia)|rekomendacj[aei]|prelekcj[aei]"
)
#: What goes along with advocacy and stands for other things as well.
BESIDE_ADVOCACY = (
    r"blogs?|articles?|videos?|interviews?|podcasts?|press|media|quotes?|logos?|panels?|talks?|events?|co ?(?:marketing"
    r"|branding)|joint|social|posts?|awards?|advisory board|user group|community|site visits?|white ?papers?"
    r"|presse|artikel|beitrag|podium|veranstaltung\w*|evenements?|eventos?|eventi|evenement(?:en)?|premios?|entrevistas?"
)
#: What a column of states says of an activity that did not take place, or not yet.
NOT_DONE = lines(
    "rejected, in progress, pending, in review, on hold, withdrawn, not done, to do, todo, in bearbeitung, ausstehend",
    "zurückgezogen, en cours, en attente, en curso, pendiente, pendente, em andamento, in corso, in attesa, w toku",
    "declined, cancelled, canceled, planned, scheduled, requested, draft, no show, no-show, not started, upcoming",
    "proposed, abgelehnt, abgesagt, storniert, geplant, angefragt, nicht erfolgt, refusé, refusée, annulé",
    "annulée, planifié, planifiée, prévu, prévue, demandé, demandée, rechazado, rechazada, cancelado, cancelada",
    "planificado, planificada, solicitado, solicitada, recusado, recusada, planejado, planejada, planeado, annullato",
    "annullata, pianificato, pianificata, rifiutato, rifiutata, richiesto, geannuleerd, gepland, afgewezen, afgezegd",
    "odwołany, odwołane, zaplanowany, zaplanowane, odrzucony, odrzucone",
)
#: Types that say nothing of what was done.
OTHER_TYPES = frozenset(
    {"other", "others", "misc", "miscellaneous", "sonstige", "sonstiges", "autre", "autres", "otro"}
)
#: What a CRM system calls activities: work of our own people, and no advocacy.
CRM_TASKS = (
    r"calls?|phone|e ?mails?|mails?|meetings?|tasks?|notes?|to ?do|demos?|visits?|lunch|follow ?ups?|deadlines?|sms"
    r"|chats?|anruf|anrufe|besprechung\w*|termine?|aufgaben?|appels?|reunions?|taches?|llamadas?|reunion(?:es)?|tareas?"
)
#: What speaks of something else that a partner may stand beside: an invoice has a partner and a date too.
_OF_SOMETHING_ELSE = pattern(
    r"\b(?:invoices?|orders?|deals?|opportunit(?:y|ies)|tickets?|payments?|bookings?|transactions?|shipments?|leads?"
    r"|subscriptions?|licen[cs]es?|sku|qty|quantity|units|amounts?|price|mrr|stage|priority|severity"
    r"|rechnung\w*|auftrag\w*|bestell\w*|betrag|menge|factures?|commandes?|montant|facturas?|pedidos?|importe|fatura|valor)\b"
)


def speaks_of_something_else(name: str) -> bool:
    """Tell whether the name of a column speaks of something else that a partner may stand beside, such as invoices."""
    return _OF_SOMETHING_ELSE.search(plain_name(name)) is not None
