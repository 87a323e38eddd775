"""What the words mean that people and programs write into tables and cells: one list each, for all alike.

Words stand in lower case, without outer blanks, in the languages that survey tools and CRM systems write; a text is
compared as `text.strip(SPACES).casefold()`. The names of columns stand as `plain_name` gives them.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

#: Characters that nobody sees: all that Python takes for blank, zero-width spaces and byte order marks.
SPACES = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 133, 160, 5760, *range(8192, 8204), 8232, 8233, 8239, 8287, 12288, 65279))
)


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def lines(*lines: str) -> frozenset[str]:
    """Return the words of some lines, which commas part."""
    return frozenset(word for line in lines for word in line.split(", "))


# ---- what a cell says


#: Yes and no in the languages of Europe that survey tools and CRM systems write, as letters, truth values and ticks.
YES = lines(
    "yes, y, true, t, 1, 1.0, x, ✓, ✔, ☑, ja, j, wahr, oui, o, vrai, si, sí, sì, s, sim, vero, verdadero",
    "verdadeiro, waar, sant, sand, tak, prawda, ano, igen, kyllä, da, はい, 有, あり, 有り, 是, 예, 네, 유",
)
NO = lines(
    "no, n, false, f, 0, 0.0, ✗, ✘, ☐, nein, falsch, non, faux, não, nao, falso, nee, onwaar, nej, nei, falskt",
    "falsk, nie, fałsz, ne, nem, ei, nu, いいえ, 無, なし, 無し, 否, 아니오, 아니요, 무",
)

#: What says of a customer that its contract was renewed: something that happened, where STAYED is how things are.
RENEWED = lines(
    "retained, renewed, kept, stayed, extended, verlängert, erneuert, gehalten, renouvelé, renouvelée, reconduit",
    "reconduite, conservé, conservée, renovado, renovada, retenido, retido, rinnovato, rinnovata, verlengd",
    "behouden, förnyad, fornyet, odnowiony, odnowiona, 更新, 更新済, 更新済み, 契約更新, 継続, 续约, 已续约, 갱신",
    "갱신됨, 재계약",
)
#: What says of a customer that it is still there, or that it left, where yes and no say it of the column: the words of
#: contracts, subscriptions and accounts. Of whom money is due or who may leave is still there.
STAYED = RENEWED | lines(
    "active, current, live, ongoing, enabled, renewing, auto-renewed, in force, existing, existing customer",
    "in good standing, recurring, won back, reactivated, reinstated, at risk, past due, overdue, delinquent",
    "in arrears, in grace period, grace period, up for renewal, aktiv, laufend, bestehend, bestandskunde, gefährdet",
    "gesichert, ungekündigt, überfällig, im verzug, reaktiviert, actif, en cours, fidélisé, en vigueur, à risque",
    "impayé, en retard, réactivé, activo, activa, vigente, en vigor, en riesgo, moroso, de alta, alta, reactivado",
    "ativo, ativa, em vigor, em risco, inadimplente, em atraso, reativado, attivo, attiva, in corso, in vigore",
    "a rischio, insoluto, riattivato, actief, lopend, met risico, aktivt, aktiivinen, aktywny, aktywna, aktywne",
    "active - at risk, active (at risk), active customer, active client, aktiver kunde, client actif, cliente activo",
    "cliente ativo, cliente attivo, actieve klant, aktywny klient, 継続中, 契約中, 利用中, 有効, 稼働中, 活跃, 有效",
    "使用中, 生效中, 활성, 유지, 이용중, 이용 중, 계약중, 계약 중, activated, subscribed, aktif",
)
LEFT = lines(
    "churned, churn, lost, cancelled, canceled, inactive, expired, left, terminated, not renewed, non-renewed",
    "non renewed, lapsed, ended, closed, deactivated, unsubscribed, departed, gone, lost customer, former",
    "former customer, ex-customer, closed lost, attrited, quit, discontinued, unrenewed, did not renew",
    "not retained, incomplete expired, gekündigt, gekuendigt, verloren, inaktiv, abgelaufen, beendet, ausgelaufen",
    "abgewandert, ehemalig, ehemaliger kunde, storniert, nicht verlängert, nicht erneuert, abgemeldet, résilié",
    "résiliée, résilie, inactif, perdu, perdue, annulé, annulée, expiré, expirée, parti, partie, terminé",
    "terminée, clôturé, non renouvelé, non renouvelée, désabonné, ancien client, baja, de baja, dado de baja",
    "dada de baja, inactivo, inactiva, perdido, perdida, cancelado, cancelada, expirado, vencido, terminado",
    "rescindido, no renovado, no renovada, finalizado, inativo, inativa, encerrado, encerrada, rescindida",
    "não renovado, desligado, ex-cliente, disdetto, disdetta, inattivo, inattiva, perso, persa, annullato",
    "annullata, scaduto, scaduta, cessato, cessata, disattivato, non rinnovato, non rinnovata, chiuso, recesso",
    "opgezegd, inactief, verlopen, beëindigd, geannuleerd, niet verlengd, vertrokken, uppsagd, avslutad, opsagt",
    "oppsagt, avsluttet, ikke fornyet, päättynyt, nieaktywny, nieaktywna, utracony, utracona, zakończony",
    "rozwiązany, wypowiedziany, zrezygnował, zrezygnowała, rezygnacja, anulowany, anulowana, wygasły, wygasła",
    "offboarded, closed - lost, lost to competitor, former client, ex-client, past customer, inactive customer",
    "nie aktywny, kündigung, gekündigt zum, hat gekündigt, ausgeschieden, client perdu, cliente perdido, cliente perso",
    "archived, attrited customer, iptal, iptal edildi, sona erdi, ayrıldı, feshedildi, pasif",
    "解約, 解約済, 解約済み, 退会, 退会済み, 終了, 契約終了, 失効, 非継続, 无效, 流失, 已流失, 终止, 已终止, 已到期",
    "已取消, 해지, 해지됨, 이탈, 종료, 만료, 취소",
)
#: What says neither by itself: of a customer that pauses, tries or has given notice, who counts it must say which.
UNDECIDED = lines(
    "paused, suspended, on hold, hold, frozen, dormant, trialing, trialling, trial, in trial, on trial",
    "free trial, non_renewing, non renewing, non-renewing, not renewing, cancelling, canceling",
    "pending cancellation, cancellation pending, cancel at period end, pending, incomplete, notice given",
    "in notice, unpaid, downgraded, in negotiation, renewal pending, pending renewal, pausiert, ruhend",
    "ausgesetzt, gesperrt, testphase, in kündigung, offen, suspendu, suspendue, en pause, en attente, à l'essai",
    "en essai, en cours de résiliation, suspendido, suspendida, pausado, pausada, en prueba, pendiente, suspenso",
    "em teste, pendente, sospeso, sospesa, in pausa, in prova, in disdetta, in attesa, gepauzeerd, opgeschort",
    "proefperiode, pausad, sat på pause, wstrzymany, zawieszony, w trakcie, 休止, 休止中, 停止, 停止中, 保留",
    "更新待ち, 暂停, 待续约, 보류, 정지, 일시정지, draft, in approval process",
)

#: What programs write for a missing value.
MISSING = frozenset({"na", "n/a", "#n/a", "<na>", "nan", "nat", "null"})
#: The errors of a cell by Excel's own number (XlCVError), and those that have a text alone.
NUMBERED_ERRORS: Mapping[int, str] = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
ERROR_CELLS = frozenset(NUMBERED_ERRORS.values()) | {"#BUSY!", "#EXTERNAL!", "#PYTHON!", "#TIMEOUT!"}
#: What a cell says that holds an error, in the languages of Excel, casefolded: text files have them as they were shown.
ERRORS_SHOWN = frozenset(error.casefold() for error in ERROR_CELLS) | lines(
    "#nv, #n/v, #bezug!, #wert!, #zahl!, #überlauf!, #nom?, #nombre!, #valeur!, #nul!, #n/d, #¡ref!, #¡div/0!",
    "#¡valor!, #¿nombre?, #¡num!, #¡nulo!, #valor!, #núm!, #nome?, #nulo!, #valore!, #rif!, #waarde!, #verw!, #getal!",
    "#deel/0!, #naam?, #leeg!, #arg!, #adr!, #dzieł/0!, #nazwa?, #liczba!, #zero!, #ссылка!, #дел/0!, #знач!, #имя?",
    "#число!, #пусто!, #н/д",
)
#: What is read where a workbook holds a formula and no value of it.
NOT_CALCULATED = "#not calculated"
#: All that stands for nothing: what programs write, what people write, and nothing at all.
BLANK = MISSING | lines(
    "none, nil, -, --, ---, –, —, ., .., ..., …, ?, ??, ???, /, no answer, not answered, missing, (missing), blank",
    "(blank), (blanks), empty, (empty), leer, (leer), (vide), vide, (en blanco), (em branco), (vuoto), (leeg)",
    "(null), <null>, \\n, n.a., n. a., n/v, k.a., k. a., k.a, n.d., s/o, s/d, tbd, t.b.d., tba, tbc, tbd., #n/v, #nv",
    "",
)

#: What says that no partner had a part in it, in words; a blank and a no say the same in a column of partners.
DIRECT = lines(
    "direct, (direct), (none), no partner, without partner, direct sale, direct sales, direct customer",
    "kein partner, keiner, keine, ohne partner, direkt, direktkunde, direktkunden, direktvertrieb, direktverkauf",
    "aucun, aucun partenaire, sans partenaire, vente directe, ninguno, ningún socio, sin socio, sin partner",
    "venta directa, directo, nenhum, sem parceiro, venda direta, direto, nessuno, nessun partner, senza partner",
    "diretto, geen, geen partner, ingen, ingen partner, brak, brak partnera, direct (no partner), direct / no partner",
    "no partner (direct), direct - no partner, house account, house accounts, in-house, inhouse, eigenvertrieb",
    "direktgeschäft, direkt (kein partner), self-service, self service, self-serve, selbstbedienung",
    "organic, organic search, inbound, outbound, internal, website, web, paid search, google ads, cold call, walk-in",
    "cold calling, word of mouth, own sales, inside sales, field sales, sales team, intern, kaltakquise, webseite",
    "interne, site web, bouche à oreille, interno, orgánico, sitio web, página web, orgânico, organico, sito web",
    "直販, 直接販売, 直接契約, 自社, 自社販売, 直销, 直客, 无, 직판, 직접, 직접 판매, 없음",
)
#: What stands where there is a partner perhaps, and nobody knows which: it is no partner of that name.
UNKNOWN = frozenset({NOT_CALCULATED, *(error.casefold() for error in ERROR_CELLS)}) | lines(
    "unknown, (unknown), unknown partner, unassigned, (unassigned), not assigned, undefined, unspecified",
    "not specified, not set, (not set), (not specified), no value, (no value), unbekannt, (unbekannt)",
    "nicht zugeordnet, nicht zugewiesen, inconnu, inconnue, non attribué, desconocido, sin asignar, desconhecido",
    "não atribuído, sconosciuto, onbekend, okänd, ukjent, nieznany, to be determined, to be defined",
    "to be confirmed, not available, anonymous, anonym, not applicable, not known, not stated, n.n., n. n.",
    "keine angabe, keine angaben, ohne angabe, nicht zutreffend, entfällt, nicht bekannt, sans objet, non applicable",
    "non renseigné, non spécifié, non précisé, no aplica, no especificado, sin especificar, sin datos, não se aplica",
    "não informado, não especificado, non applicabile, non specificato, non assegnato, niet van toepassing, n.v.t.",
    "niet toegewezen, nie dotyczy, brak danych, nieprzypisany, 不明, 未定, 未設定, 未割当, 該当なし, 不详, 未知",
    "未分配, 미정, 미지정, 알 수 없음",
)
#: What stands for partners that are not named, or for no partner at all: nobody but its writer knows.
SEVERAL = lines(
    "other, others, various, multiple, several, misc, diverse, sonstige, andere, autres, otros, outros, altri"
)
NO_PARTNER = DIRECT | NO | BLANK | UNKNOWN

#: What makes another letter of a Japanese one, and is no accent.
_VOICED = "\u3099\u309a"
#: A number of more digits is counted by nobody, and of some thousands Python refuses to read it.
_MOST_DIGITS = 18

#: Characters that have no width: they are no part of a name.
_WITHOUT_WIDTH = dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF))


_ID_LENGTH, ID_WITH_CASE = 15, "[0a][0-9][0-9A-Za-z]{13}"  # of Salesforce: 001...AbC and 001...abC are two accounts


def same_name(name: str | None) -> str:
    """Return what the spellings of one partner share: no difference of case, blanks or composed letters.

    `"  ACME   Ltd"` and `Acme Ltd` give `acme ltd`; Straße and STRASSE are one, Straße and Strase are two.
    """
    if not name or name.isascii():  # the same in a third of the time: such a text is composed as it stands
        text = " ".join((name or "").split())
        return text if len(text) == _ID_LENGTH and re.fullmatch(ID_WITH_CASE, text) else text.lower()
    composed = unicodedata.normalize("NFKC", name.translate(_WITHOUT_WIDTH))
    return unicodedata.normalize("NFKC", " ".join(composed.split()).casefold())


#: What stands for "no end yet" in a column of end dates; what says there that a customer is still there does too.
OPEN_END = BLANK | lines(
    "0000-00-00, 0000-00-00 00:00:00, 00.00.0000, 00/00/0000, 9999-12-31, 9999-12-31 00:00:00, ∞, open, open end",
    "open-ended, present, today, now, unlimited, indefinite, perpetual, evergreen, never, until further notice",
    "open ended, till date, till now, to date, 00000000, 99999999, 00010101",
    "no end, no end date, auto-renew, auto renew, automatic, unbefristet, unbegrenzt, bis auf weiteres, heute",
    "kein ende, endlos, indéterminé, indéterminée, durée indéterminée, sans fin, illimité, aujourd'hui, à ce jour",
    "indefinido, indefinida, sin fin, actualidad, hoy, indeterminado, em aberto, sem fim, atual, indeterminato",
    "a tempo indeterminato, senza fine, oggi, onbepaald, onbepaalde tijd, heden, tillsvidare, tills vidare",
    "løpende, bezterminowo, bezterminowa, bezterminowy, czas nieokreślony, bez końca, 0, 1900-01-00",
    "00.01.1900, 00/01/1900, 01/00/1900, 1/0/1900, rolling, rolling contract, month to month, month-to-month, monthly",
    "m2m, mtm, 1970-01-01, 1970-01-01 00:00:00, 01.01.1970, 01/01/1970, 1/1/1970, süresiz, belirsiz",
    "still active, still open, ongoing contract, auto-renewal, automatic renewal, renews automatically, no expiry",
    "does not expire, without end, without end date, sine die, noch aktiv, noch offen, kein enddatum, kein",
    "ohne ende, ohne befristung, ohne enddatum, bis auf widerruf, automatische verlängerung",
    "tacite reconduction, reconduction tacite, à durée indéterminée, sans terme, sans date de fin, toujours actif",
    "jusqu'à nouvel ordre, sin fecha, sin fecha de fin, sin término, hasta nuevo aviso, renovación automática",
    "sem prazo, sem término, por tempo indeterminado, indeterminada, senza scadenza, senza termine, per sempre",
    "tempo indeterminato, rinnovo automatico, open einde, zonder einddatum, tot nader order, onbeperkt, 無期限",
    "自動更新, 期限なし, 未定, 至今, 长期, 无固定期限, 自动续约, 现在, 무기한, 자동갱신, 자동 갱신, 현재",
)
#: From the second year on an end is none, and so is one before the first: 2099-12-31, 2999-12-31, 0001-01-01.
FIRST_YEAR, NO_END_YEAR = 1901, 2099

#: What people write into a comment who have none.
NO_COMMENT = (
    NO
    | BLANK
    | {
        *("no comment", "no comments", "nothing", "nothing to add", "nope", "not applicable", "x", "xx", "xxx"),
        *("keine", "keiner", "kein kommentar", "nichts", "aucun", "aucune", "aucun commentaire", "rien", "ras"),
        *("ninguno", "ninguna", "nada", "sin comentarios"),
    }
)


#: What a row below a table begins with that adds the others up, or averages or counts them.
TOTALS = (
    *("total", "totals", "sum", "average", "mean", "count", "合計", "総計", "平均", "合计", "总计", "razem", "итого"),
    *("summe", "gesamt", "insgesamt", "mittelwert", "durchschnitt", "anzahl"),
    *("totale", "totaal", "gemiddelde", "moyenne", "somme", "promedio", "suma", "media", "soma"),
    *("summa", "avg", "ergebnis", "résultat", "resultado", "nombre", "effectif", "número", "aantal"),
    *("ø", "∑", "durchschnittlich", "średnia", "liczba", "média", "gemiddeld"),
)
#: What stands nowhere but in such a row, between groups or below all of them.
SUBTOTALS = (
    *("subtotal", "sub-total", "sub total", "subtotals", "grand total", "grand totals", "grand summary", "group total"),
    *("teilsumme", "zwischensumme", "teilergebnis", "gesamtergebnis", "gesamtsumme", "endsumme", "sous-total"),
    *("sous total", "total général", "total partiel", "résultat global", "total general", "suma parcial"),
    *("total parcial", "subtotale", "totale parziale", "totale generale", "totale complessivo", "subtotaal", "小計"),
    *("eindtotaal", "delsumma", "delsum", "totalsumma", "suma częściowa", "suma końcowa", "suma ogólna"),
    *("report total", "total count", "total records", "grand average", "grand count", "overall average"),
    *("gesamtdurchschnitt", "gesamtmittelwert", "gesamtschnitt", "gesamtanzahl", "ø gesamt", "media generale"),
    *("media general", "média geral", "moyenne générale", "promedio general", "algemeen gemiddelde", "średnia ogólna"),
)

#: Sheets that tell people what to do, by their names; they hold no table.
PAGES_TO_READ = lines(
    "read me, readme, read_me, instructions, how to, legend, lies mich, liesmich, anleitung, legende",
    "lisez-moi, lisezmoi, mode d'emploi, léame, leame, instrucciones",
)

# ---- how a number is written

#: What stands before or behind an amount, and the currency that it means.
CURRENCIES: Mapping[str, str] = {
    **{"$": "USD", "us$": "USD", "€": "EUR", "euro": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY"},
    **{"a$": "AUD", "c$": "CAD", "r$": "BRL", "fr.": "CHF", "zł": "PLN", "kč": "CZK", "ft": "HUF"},
    **{"kr": "", "rs": "", "rs.": ""},  # of one of several countries
    **{code.casefold(): code for code in ("AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP")},
    **{code.casefold(): code for code in ("HKD", "HUF", "ILS", "INR", "JPY", "KRW", "MXN", "NOK", "NZD", "PLN", "RON")},
    **{code.casefold(): code for code in ("SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "ZAR")},
}
MINUS = "-\N{MINUS SIGN}"
SIGNS = "".join(sign for sign in CURRENCIES if len(sign) == 1)
#: A number as people write it, spaces taken out; no two neighbours share a character: a long text is read through once.
NUMBER_TEXT = re.compile(
    rf"\(?[+{re.escape(MINUS)}{SIGNS}]*(?:\d[\d.,'\u2019]*|[.,]\d+)(?:e[-+]?\d+)?[%{SIGNS}{re.escape(MINUS)}]*\)?",
    re.IGNORECASE,
)


def reads_as_number(text: str) -> bool:
    """Tell whether people would take a text for a number, in whatever style: "$ 8,000", "1'000.50", "(12)", "9 %"."""
    bare = "".join(text.split())
    return NUMBER_TEXT.fullmatch(bare) is not None and bare.startswith("(") == bare.endswith(")")


# ---- what a column is called

#: The names of columns by their role, the surest line first. They are the headings too that a whole column brings along
#: into a function; a line that `roles` does not take is a heading only, and tells no column of a table.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "score": (
        "nps, nps score, score nps, net promoter score, score, nps rating, nps value, ltr, likelihood to recommend",
        "rating, score, answer, response value, note, bewertung, antwort, punkte, puntuacion, respuesta, resposta, "
        "nota, reponse, cijfer, wertung, punktzahl, calificacion, valoracion, pontuacao, avaliacao, punteggio, voto, "
        "risposta, waardering, antwoord, betyg, vurdering, ocena, arvosana, hodnoceni, スコア, 点数, 评分, 得分, 점수",
        "scores",
    ),
    "partner": (
        "partner, partner name, partner account, partner account account name, partner company, partenaire, "
        "nom du partenaire, partnername, parceiro, socio, nazwa partnera, partnernaam, nome do parceiro, "
        "nome del partner, nombre del socio, nom partenaire, partner handlowy, vertriebspartner, "
        "パートナー, パートナー名, パートナー企業, パートナー企業名, パートナー会社名, "
        "合作伙伴, 合作伙伴名称, 파트너, 파트너명, 파트너사",
        "partner organisation, partner organization, reseller, reseller name, channel partner, distributor, "
        "partner account name, agency, revendeur, distribuidor, revendedor, rivenditore, wederverkoper, fachhandler, "
        "wiederverkaufer, 代理店, 代理店名, 販売店, 販売店名, 经销商, 대리점",
        "partner id, partnerid, partner code, partner no, partner number, partner nr, partnernr, partner nummer, "
        "partnernummer, partner key, partner guid, partner uuid, partner c, partner account id, msdyn partnerid, "
        "id du partenaire, id partenaire, code partenaire, id socio, id del socio, id parceiro, id do parceiro, "
        "codice partner, id partnera, numer partnera",
        "partners, partner list",
    ),
    "retained": (
        "retained, is retained, retained flag, retention, customer retained, kept, still customer, still active",
        "renewed, is renewed, renewal, renewed flag, renewal status",
        "stayed, still a customer, bought again",
    ),
    "invited": (
        "invited, was invited, invitation sent, sent, survey sent, invited flag",
        "answered, responded",
    ),
    "tier": (
        "tier, partner tier, level, partner level, status level, stufe, partnerstufe, niveau, nivel, livello, poziom, "
        "ランク, パートナーランク, 等级, 등급",
    ),
    "region": ("region, partner region, area, geo, territory, regione, regiao, regio, 地域, 地区, 지역",),
    "owner": ("owner, partner manager, account manager, channel manager, partner owner, manager, cam, pam",),
    "group": ("country, segment, product, group",),
}


#: What the three bands of a score are called, as texts of cells or names of columns: promoters, passives, detractors.
PROMOTER_WORDS = _words(
    "promoter promoters promotor promotors promotoren promoteur promoteurs promotore promotori promotora promotores "
    "förderer ambassadeurs ambassadörer fürsprecher promotorzy 推奨者 推薦者 推荐者"
)
PASSIVE_WORDS = _words(
    "passive passives passiv passiva passif passifs pasivo pasivos passivo passivos passivi passieven neutral neutrals "
    "neutrale neutre neutres neutro neutros neutrali indifferent indifferente indifferenten passiver pasywni "
    "中立者 被动者"
)
DETRACTOR_WORDS = _words(
    "detractor detractors detractores detraktor detraktoren detraktorer détracteur détracteurs detrattore detrattori "
    "detrator detratores kritiker criticaster criticasters krytycy 批判者 贬损者"
)

#: What says that a column of a band, or one beside a frequency, holds shares and no numbers.
SHARE_WORDS = _words(
    "percent percentage percents pct share shares anteil prozent part pourcentage porcentaje percentual percentuale "
    "percentuali porcentagem procent prosent andel udział quote rate ratio proportion"
)
#: What stands beside the name of a band and says that its column holds numbers.
NUMBER_WORDS = _words(
    "number numbers count counts of the no nr nb num n nombre de des anzahl der die numero número di dei delle total "
    "totals responses response answers answer respondents antworten qty quantity sum summe antal antall aantal van "
    "liczba cantidad quantidade freq frequency score scores points"
)

#: What the part of a table that adds up all others is called.
ALL_OF_THEM = _words(
    "all overall total totals gesamt alle insgesamt tous toutes ensemble todos todas general geral totale tutti totaal "
    "allemaal alla totalt sum summe company subtotal"
) | {"grand total", "all partners", "all regions", "total general", "sub total"}

#: What a column is called that holds how many gave an answer: sure enough, and only where nothing else is so called.
FREQUENCY_NAMES = (
    "responses, count, counts, n, respondents, answers, frequency, freq, number of responses, number of answers, "
    "number of respondents, response count, answer count, total responses, total answers, no of responses, "
    "anzahl, haufigkeit, antworten, anzahl antworten, anzahl der antworten, nombre, effectif, effectifs, reponses, "
    "nombre de reponses, frequence, nb reponses, nb de reponses, respuestas, cantidad, frecuencia, "
    "numero de respuestas, "
    "respostas, quantidade, contagem, frequencia, numero de respostas, risposte, conteggio, frequenza, "
    "numero di risposte, numero risposte, aantal, antwoorden, aantal antwoorden, antal, antal svar, svar, "
    "frekvens, antall, antall svar, liczba, liczba odpowiedzi, odpowiedzi, vastauksia, lukumaara, "
    "回答数, 件数, 人数, 응답 수, 응답수",
    "total, sum, total general, grand total, gesamt, gesamtergebnis, summe, total n, base, sample size",
)


def headings(*roles: str) -> frozenset[str]:
    """Return all names of some roles."""
    return frozenset(name for role in roles for line in HEADINGS[role] for name in line.split(", "))


#: Names, as `plain_name` has them, of columns that hold the id of a row and of nothing else.
SURE_ROW_IDS = lines(
    "response id, responseid, answer id, survey response id, submission id, submissionid, feedback id, activity id",
    "activityid, ticket id, ticketid, entry id, record id, event id, row id, antwort id, antwortid, aktivitat id",
    "id de respuesta, id de reponse, id de la reponse, id reponse, id resposta, id da resposta, id risposta",
    "id della risposta, antwoord id, svar id, id odpowiedzi, 回答id, 응답id",
)
#: The same with names that also are those of other things: they tell rows where no two rows of a file share a value.
ROW_IDS = SURE_ROW_IDS | lines("id, uuid, guid, key, no, nr, number, token, case id, reference id, respondent id")


def whole_number(text: str | None) -> int | None:
    """Return what plain digits say, None for all else: `12` is 12; `²`, `-1`, a blank, a thousand digits are none."""
    return int(text) if text and len(text) <= _MOST_DIGITS and text.isdecimal() else None


@functools.lru_cache(maxsize=20_000)
def plain_name(name: str) -> str:
    """Return a column's name as lower-case words without accents or punctuation: `Prénom_Nom` is `prenom nom`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(c) or c in _VOICED)
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare.casefold())))
