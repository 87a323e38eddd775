"""What a question asks for, by its words: a recommendation, or satisfaction, effort, ease, quality, happiness."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.lazily import pattern

#: The word for recommending in the languages that survey exports come in, accents removed.
RECOMMEND = (
    "recommend|recomend|recomiend|recommand|empfehl|empfiehl|raccomand|consigli|aanbeve|anbefal|rekommender|rekomend|suositel|polec"
    "|doporuc|ajanl|tavsiye|suosittel|recomand|рекоменд|порекоменд|συστησ|συστην"
)

#: The same in languages that write no blanks between words: not how many, what, or why something was recommended.
RECOMMEND_WITHIN = (
    "(?:推奨|推薦|推荐|おすすめ|お勧め|お薦め|勧める|薦める|추천)"
    "(?!.*(?:件数|人数|数量|回数|商品|製品|产品|原因|理由|コメント|者|건수|사유|이유))"
)
_RECOMMENDS = pattern(rf"\b(?:weiter)?(?:{RECOMMEND})|\b(?:l?nps|ltr|net promoter)\b|(?<!\be)nps\b|{RECOMMEND_WITHIN}")

#: What a question asks for that is no recommendation, by the words of its name, accents removed.
OTHER_MEASURES: Mapping[str, str] = {
    "satisfaction": r"\w*(?:satisf|zufrieden|soddisf|tevreden|tilfreds|zadowol|tyytyvais|spokojen|nojd)\w*|csat\d*"
    r"|\w*(?:満足|满意|滿意|만족)\w*",
    "effort": r"efforts?|aufwand|esfuerzo|esforco|sforzo|inspanning|customer effort score",
    "ease": r"ease|eas(?:y|ily|iness)|einfach\w*|facil(?:e|ite|idad|idade|ita|mente)?|gemak\w*|usability",
    "quality": r"qualit\w*|quality|calidad|kwaliteit|kvalitet\w*|jakosc\w*",
    "happiness": r"happ(?:y|iness)|gluck\w*|felicidade?|feliz|heureu\w*|felicita|felice",
}
_MEASURES = {what: pattern(rf"\b(?:{words})\b") for what, words in OTHER_MEASURES.items()}
_EFFORT = pattern(r"(?:\w+ )?ces\d*(?: (?:score|rating))?")  # a word of French in any longer name


def other_measure(plain: str) -> str | None:
    """Return what a plain name says that its question asks for, other than a recommendation: `csat score` satisfaction.

    None where it says nothing of the kind.
    """
    found = next((what for what, words in _MEASURES.items() if words.search(plain)), None)
    return found or ("effort" if _EFFORT.fullmatch(plain) else None)


def asks_to_recommend(plain: str) -> bool:
    """Tell whether a plain name, or a question as one, speaks of recommending or of NPS."""
    return _RECOMMENDS.search(plain) is not None


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split(", "))


#: What a column is called that names the question of each row; that names a metric; that names a survey, which may be a
#: wave of the same one.
QUESTION_NAMES = _names(
    "question, question text, question name, question title, question label, question wording, survey question, "
    "question id, question code, question key, question no, question number, question type, frage, fragetext, "
    "fragestellung, pregunta, pergunta, questao, domanda, vraag, intitule question, libelle question, question posee, "
    "sporsmal, sporgsmal, fraga, pytanie, kysymys"
)
MEASURE_NAMES = _names(
    "metric, metric name, metric type, measure, measure name, kpi, kpi name, indicator, indicator name, variable, "
    "kennzahl, metrik, metrica, indicateur, indicador, indicatore, score type, rating type, measurement"
)
SURVEY_NAMES = _names(
    "survey, survey name, survey type, survey kind, survey title, type of survey, survey category, feedback type, "
    "umfrage, umfragetyp, encuesta, pesquisa, sondaggio, indagine, enquete, sondage, enkat"
)
