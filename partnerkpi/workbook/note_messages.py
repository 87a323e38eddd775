"""The notes on the data that a workbook has in its own language, as they are written in English."""

from __future__ import annotations

from partnerkpi.workbook.model.translation import message

NOTES = (
    message("This workbook holds the figures of one partner."),
    message("no responses were given, so there is no data for the NPS: add a file with the answers from 0 to 10"),
    message(
        "no activities were given, so there is no data for advocacy: add a file with the partners' activities "
        "(partner, type, date)"
    ),
    message(
        "no customers were given, so there is no data for retention: add a file with the customers "
        "(customer, period, retained, partner)"
    ),
    message(
        "no partners were given, so there is no data for the share of active advocates and the response rate: add the "
        "list of partners"
    ),
    message("{file} has no column that names the partner: its answers count in the total only"),
    message(
        "{file} has no column that is recognised as the date: everything is counted together "
        "(--date names one, such as {column})"
    ),
    message("{file} has no column that is recognised as the date: everything is counted together"),
    message("{number} activities are of partners not on the list, set aside: {partners}"),
    message("1 activity is of a partner not on the list, set aside: {partners}"),
    message(
        "{number} activities are of partners that were not on the list in that period, and do not count in it: "
        "{partners}"
    ),
    message("1 activity is of a partner that was not on the list in that period, and does not count in it: {partners}"),
    message("{number} activities have no date: they count in no period"),
    message("1 activity has no date: it counts in no period"),
    message("{number} rows are like another one in every cell, and no id tells them apart: all count"),
    message("not UTF-8: read as {encoding}; another is named with --encoding"),
    message("{column} is read as dates with day first, seen from {text}"),
    message("{column} is read as dates with month first, seen from {text}"),
    message("partners are joined by their id: {columns}"),
    message(
        "{period} is not over: it is counted until {day}. Activities and response rates are compared with {before} "
        "until {then}, as many days; they are not rated and raise no alert"
    ),
    message(
        "{period} is not over: it is counted until {day}; activities and response rates are not rated and raise no "
        "alert"
    ),
    message(
        "{period} has begun (the data go to {day}): less than half of it has passed, so the page is about {before}; "
        "--to-date makes it about {period}"
    ),
    message("not on the list of partners, and no part of the advocacy share: {partners}"),
    message("hidden sheets in the workbook: {names}"),
    message("{number} rows are hidden and counted all the same"),
    message("1 row is hidden and counted all the same"),
    message("a filter hides rows, which are counted all the same"),
    message("{number} cells hold errors ({kinds})"),
    message("1 cell holds an error ({kinds})"),
    message("rows outside the window: {number}, since by {column} only days from {day} until {last} count ({options})"),
    message("rows outside the window: {number}, since by {column} only days from {day} count ({options})"),
    message("rows outside the window: {number}, since by {column} only days until {day} count ({options})"),
    message(
        "{column} may name persons, {number} of whom answered several times ({rows} more answers): all count. "
        "{option} takes one of each"
    ),
    message("counted until {day}, the last day in the data: --as-of names another"),
    message("{column} stands once for each group: it is filled into {number} rows below"),
    message("{column} stands once for each group: it is filled into the row below"),
    message("not every file has the columns {columns}: blank there"),
    message("{column} of the list of partners is taken as the NPS that each is to reach"),
    message("{file}: {number} rows count under another spelling of the partner: {names}"),
    message("{file}: 1 row counts under another spelling of the partner: {names}"),
    message("{file}: read as no partner: {names}"),
    message("{file}: read as a partner that is not known: {names}"),
    message("{file}: counted as a partner of that name: {names}; write direct where it is none"),
    message("{name} has the ids {ids}: counted as {number} partners"),
    message("this is a part of the data: only {part} counts"),
    message("rows go with their partner on the list, those of no partner of the list by their own column"),
    message("{number} of {rows} rows of {file} are in it"),
    message(
        "{file} says how many people a survey wave invites, and {period} has the answers of several, or of days "
        "that cannot be told (a wave is a {unit}): there is no response rate; --period {wave} has one of each "
        "wave, and wave = {value} under [options] in partnerkpi.toml says that all answers are of one"
    ),
    message(
        "{file} says how many people a survey wave invites, and {period} has a part of the answers of one (a wave "
        "is a {unit}): there is no response rate; --period {wave} has one of each wave, and wave = {value} under "
        "[options] in partnerkpi.toml says that each {kind} invites them anew"
    ),
    message(
        "the list of partners says how many people are invited, and only a part of their answers is asked for: no "
        "response rate"
    ),
    message(
        "the list of partners says how many people are invited, to a survey wave, of which a week is a part: no "
        "response rate"
    ),
    message("revenue cannot be retained at these amounts, and is not shown: {wrong}"),
    message("[[targets]] of the settings names {names}: no partner of the data is called so"),
    message(
        "{period} until {day} is compared with nothing: each row of {column} names a {kind}, which is not cut by days"
    ),
    message("{number} answers have no readable date: they count for all time and in no period"),
    message("1 answer has no readable date: it counts for all time and in no period"),
    message("{number} activities have no readable date: they count for all time and in no period"),
    message("1 activity has no readable date: it counts for all time and in no period"),
    message("{number} customers have no readable date: they count for all time and in no period"),
    message("1 customer has no readable date: it counts for all time and in no period"),
    message("answers are dated by {column}, not by {names}: --date COLUMN takes another"),
    message("{column} is called a weight: each answer counts once all the same"),
    message("{column} says {words} of some rows, which count as all others do: {options} leaves them out"),
    message("{column} has a day in some rows, which count as all others do: {options} leaves them out"),
    message("{column} agrees with the score in all {number} rows that have both"),
    message(
        "{column} contradicts the score in {number} of {rows} rows: the score counts. Check whether {score} is the "
        "question that it belongs to"
    ),
    message(
        "{column} is taken as a scale from {low} to {high}: {bands}. That is no standard NPS; do not compare it "
        "with one on 0-10"
    ),
    message("{column} holds the answers from 0 to 10 numbered from 1 to 11: {bands}"),
    message("{number} answers in {rows} rows of counts: {columns}"),
    message("{column} agrees with the numbers in all {number} rows"),
    message("{column} agrees with the numbers"),
    message("{column} is not what the numbers give in {number} of {rows} rows: the numbers count"),
    message("{column} is not what the numbers give in {number} rows: the numbers count"),
    message("{column} is not what the numbers give in 1 row: the numbers count"),
    message("{value} in {column} adds up all others: {number} rows are set aside"),
    message("{value} in {column} adds up all others: 1 row is set aside"),
    message("{column} names several questions: {number} rows of {names} count; {rows} of {others} are set aside"),
    message("read as no partner: {names}"),
    message("read as no end: {names}"),
    message("whoever pays something by {column} is there, with 0 or nothing it is gone"),
    message("{column} names contracts and no column names customers: each contract counts as a customer"),
    message("{column} says how each customer is by {kind}: it is lost in the first {kind} in which it is gone"),
    message("{column} stands only with customers who left: by period they are counted from {start} to {column}"),
    message("nobody has an end date in {column}: all customers count as still there"),
    message("{number} rows are gone by {column} and have no end: they count as lost"),
    message("1 row is gone by {column} and has no end: it counts as lost"),
    message("{number} customers end later, on {day}, after all other dates: planned, so they count as still there"),
    message(
        "{number} customers end later, between {day} and {last}, after all other dates: planned, so they count as "
        "still there"
    ),
    message("1 customer ends later, on {day}, after all other dates: planned, so it counts as still there"),
    message("{number} customers have rows that stayed and rows that left: still there, and counted as retained"),
    message("1 customer has rows that stayed and rows that left: still there, and counted as retained"),
    message(
        "{column} names several currencies ({names}), which do not add up: there is no revenue retention; --where "
        "{value} counts one"
    ),
    message("{column} is in {size}, as its heading says: 1 counts as {number}"),
    message("{column}: {value} is read as {taken}, as you or the columns beside it say"),
    message("{column}: whether {value} is {one} or {other} cannot be told from the column: read as {taken}"),
    message("{column} has decimals behind points and behind commas ({names}): each is read as it is written"),
    message("{column} is read as numbers with a decimal point, seen from {value}"),
    message("{column} is read as numbers with a decimal comma, seen from {value}"),
    message("{column} is read as numbers with points between thousands, seen from {value}"),
    message("{column} is read as numbers with commas between thousands, seen from {value}"),
    message("{column} is read as numbers without what stands beside them, as in {value}"),
    message("{column} is in several currencies: {names}. The numbers are taken as they stand"),
    message(
        "{column} in the list of partners says {names}: whoever stands in the list counts as a partner; take these "
        "out of it if they are none"
    ),
    message("read {days}: [columns] {value} in partnerkpi.toml counts every partner of the list in each period"),
    message("{number} rows: {count} other spellings in {column} count as your file of names says"),
    message("1 row: 1 other spelling in {column} counts as your file of names says"),
    message("{number} rows: 1 other spelling in {column} counts as your file of names says"),
    message("{names}: they are counted apart; 'partnerkpi check --names names.csv FILE' proposes what to merge"),
    message("{name} has the ids {ids}, and not every table has ids: counted as one partner"),
    message(
        "{number} rows of {file} with a date in {column} far from all others ({days}), as a mistyped year makes "
        "it: set aside"
    ),
    message(
        "1 row of {file} with a date in {column} far from all others ({days}), as a mistyped year makes it: set aside"
    ),
    message("the sheet is hidden"),
    message("each line is quoted as a whole: what stands within the quotation marks was read as the line"),
    message("{file} has no rows: passed over"),
    message("{column} asks for {what}, not for a recommendation: it counts because you named it"),
    message(
        "of several answers of one person to one partner in one month the latest counts ({number} set aside): "
        "--duplicates all counts every one"
    ),
    message(
        "of several answers of one person to one partner in one month the first counts ({number} set aside): "
        "--duplicates all counts every one"
    ),
    message(
        "of several answers of one person to one partner in one quarter the latest counts ({number} set aside): "
        "--duplicates all counts every one"
    ),
    message(
        "of several answers of one person to one partner in one quarter the first counts ({number} set aside): "
        "--duplicates all counts every one"
    ),
    message(
        "of several answers of one person to one partner in one year the latest counts ({number} set aside): "
        "--duplicates all counts every one"
    ),
    message(
        "of several answers of one person to one partner in one year the first counts ({number} set aside): "
        "--duplicates all counts every one"
    ),
    message(
        "of several answers of one person to one partner in the whole file the latest counts ({number} set aside): "
        "--duplicates all counts every one"
    ),
    message(
        "of several answers of one person to one partner in the whole file the first counts ({number} set aside): "
        "--duplicates all counts every one"
    ),
    message(
        "{number} of {rows} numbers in {column} lie outside 0 to 10: this looks like another scale, for which "
        "there is no NPS"
    ),
    message(
        "{column} runs from {low} to {high}: this looks like a 1-{highest} scale, not 0-10. Every answer would "
        "count as a detractor or passive; check the question before you use this figure"
    ),
    message(
        "{column} says {value} where a number of answers should stand, in {number} rows: the {count} other answers "
        "there do not count either. Where nobody gave that answer, write 0 or leave the cell blank"
    ),
    message(
        "{column} says {value} where a number of answers should stand, in 1 row: the {count} other answers there "
        "do not count either. Where nobody gave that answer, write 0 or leave the cell blank"
    ),
    message("{column} is read with the zeros that its words say: {names}"),
    message(
        "the amounts in {names} are in several currencies ({value}), which do not add up: there is no revenue "
        "retention until all stand in one"
    ),
    message(
        "{number} cells, the first {column}, are formulas that no program has calculated: open the workbook in Excel "
        "or LibreOffice and save it"
    ),
    message(
        "1 cell, {column}, is a formula that no program has calculated: open the workbook in Excel or LibreOffice and "
        "save it"
    ),
    message(
        "the connection is in a transaction of its own, which sees changes between two queries: commit it first, "
        "and all queries see the same rows"
    ),
    message(
        "{number} of {rows} answers in {column} are not whole, such as {value}: each counts in the band that it lies in"
    ),
    message(
        "{column} has {number} answers of 1 and none of 0 among {rows}: if the question was asked from 1 to 10, say so "
        "with --scale 1-10. The bands are the same, but that is no standard NPS"
    ),
    message(
        "{column} has {number} answers of 1 and {count} of 0 among {rows}: if the question was asked from 1 to 10, say "
        "so with --scale 1-10. The bands are the same, but that is no standard NPS"
    ),
    message(
        "{column} has {number} answers and none above {high}: if the question was asked from 1 to {high}, say so with "
        "--scale {scale}, which is no standard NPS"
    ),
    message(
        "{column} has {number} answers and {count} of them above {high}: if the question was asked from 1 to {high}, "
        "say so with --scale {scale}, which is no standard NPS"
    ),
    message(
        "{column} says that it was asked from {low} to {high}, but its {number} answers run from {lowest} to "
        "{highest}: they count as answers from 0 to 10"
    ),
    message("Spark holds no state of it for a run: cache() it first if its files or tables may change meanwhile"),
    message(
        "names partners, but nothing else says that its rows are advocacy (reference, referral ...), customers or a "
        "list of partners: say {options}, or leave it out"
    ),
    message(
        "names partners, but the types {names} are no advocacy, and nothing else says that its rows are advocacy "
        "(reference, referral ...), customers or a list of partners: say {options}, or leave it out"
    ),
    message(
        "column {column} names contracts of partners, and no column a customer: whether they are contracts of "
        "customers or the partners' own is not told: say {options}"
    ),
    message("could be {reasons}: say {options}"),
    message("passed over: {what}"),
    message("passed over {what}"),
    message("not counted: {what}"),
)
#: What speaks for one of the kinds that a table could be.
REASONS = (
    message("numbers of answers"),
    message("column {column} holds {names}"),
    message("column {column} beside {other}"),
    message("columns {column} and {other}"),
    message("columns {names}"),
    message("column {column}"),
    message("it is called {name}"),
    message("each partner stands in it once"),
    message("others know partners by its columns"),
)
