"""What columns of days, months and quarters are called, as `plain_name` gives it, the surest first."""

from __future__ import annotations

#: What the day is called on which somebody answered, in the known languages.
OWN_DATES = (
    "response date, survey date, surveyed at, surveyed on, surveyed, answered, answered at, answered on, "
    "answer date, date answered, responded at, responded on, responded, date responded, response time, "
    "response at, submitted at, submitted on, date submitted, submission date, submission time, submit date, "
    "submit date utc, survey response date, survey completed at, survey completed on, survey submitted at, "
    "survey responded at, survey responded, date survey responded, date of response, feedback date, recorded date, "
    "recordeddate, rated at, rated on, voted at, "
    "replied at, activity date, antwortdatum, datum der antwort, beantwortet am, beantwortet, ausgefullt am, "
    "abgegeben am, bewertet am, umfragedatum, date de reponse, date reponse, repondu le, fecha de respuesta, "
    "fecha respuesta, respondido el, data da resposta, data resposta, data de resposta, respondido em, "
    "data risposta, data della risposta, antwoorddatum, datum antwoord, "
    "data odpowiedzi, data wypelnienia, data ankiety, yanıt tarihi, cevap tarihi, anket tarihi, "
    "回答日, 回答日時, 回答日付, "
    "送信日時, 提交时间, 回答时间, 答题时间, 응답일, 응답 일시, 응답일시, 제출일, 活動日, 実施日, 활동일"
)
PLAIN_DATES = ("completed", "submitted", "submission", "recorded", "received", "created", "when", "day")
_PERIOD_NAMES = ("year month", "yearmonth", "month", "calendar month", "year quarter", "quarter", "wave", "period")
_OF_A_PERIOD = ("", "survey ", "fiscal ", "reporting ", "response ", "activity ")
_FOREIGN_PERIODS = (
    "monat, jahr monat, quartal, mois, trimestre, mes, mese, maand, kwartaal, periode, periodo, ano mes, mes ano, "
    "annee mois, kalendermonat, miesiac, kwartal, 月, 年月, 回答月, 対象月, 月份, 四半期, 季度, 월, 분기"
)
#: Names of days, months and waves, one degree of certainty each.
PERIODS = (
    *(", ".join(f"{whose}{name}" for whose in _OF_A_PERIOD) for name in _PERIOD_NAMES),
    _FOREIGN_PERIODS,
)
DATES = "date, datum, fecha, data, tarih, dato, дата, ημερομηνια, paivamaara, 日付, 日時, 日期, 날짜"
TIMESTAMPS = (
    "timestamp, end date, enddate, completed at, completed on, completion date, completion time, "
    "horodateur, zeitstempel, marca temporal, carimbo de data hora, sygnatura czasowa, "
    "タイムスタンプ, 时间戳记, 타임스탬프, informazioni cronologiche, tijdstempel"
)
#: When a partner joined the programme, and when it left it.
JOINED = (
    "joined, joined date, joined on, join date, date joined, partner since, since, start date, onboarded, "
    "onboarded on, onboarding date, signed on, active from, active since, beitritt, beitrittsdatum, "
    "beigetreten am, eintritt, eintrittsdatum, partner seit, seit, date d entree, date entree, "
    "partenaire depuis, fecha de alta, alta, socio desde, data de adesao, parceiro desde, "
    "data di ingresso, partner dal, partner sinds, partner od"
)
LEFT = (
    "left, left date, left on, leave date, leaving date, date left, partner until, until, end date, ended, "
    "ended on, offboarded, offboarded on, offboarding date, terminated, terminated on, termination date, "
    "exit date, austritt, austritt am, austrittsdatum, ausgetreten am, partner bis, bis, date de sortie, "
    "date sortie, sortie, date de depart, fecha de baja, baja, fecha de salida, data de saida, "
    "data di uscita, uscita, "
    "partner tot, partner do, deactivated, deactivated on, deactivated date, deactivation date, "
    "inactive since, active to, active until, active till, churned on, left the programme, left the program"
)


def is_called_month(plain: str) -> bool:
    """Tell whether a plain name is that of a column of months or other periods."""
    return any(plain in names.split(", ") for names in PERIODS)
