"""The VBA of scorecard.xlsm, as source: xlwings' own modules, the functions' wrappers, and the button's macro.

The wrappers are what xlwings' generator writes, with four additions: help texts as attributes, arguments that are
trimmed and read at once (`KpiArg`, `KpiDays`), results whose error texts become real Excel errors (`KpiResult`), and a
fault of the set-up that is an error in the cell too (`KpiFault`): as a text, which xlwings gives, AVERAGE would pass
over it and a rule "at least 50" would call it good.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from partnerkpi.cells import COM_ERRORS, FIRST_COM_ERROR
from partnerkpi.errors import PartnerKpiError
from partnerkpi.excel import live
from partnerkpi.excel.functions import CATEGORY, MAX_HELP, Catalogue, ExcelFunction
from partnerkpi.excel.package import OPTION_EXPLICIT
from partnerkpi.excel.stamp import FUNCTIONS
from partnerkpi.tables.analyst import VERSION
from partnerkpi.udfs.arguments import DAYS
from partnerkpi.vocabulary import ERROR_CELLS

UDFS, BUTTON, BUTTON_MACRO = "xlwings_udfs", "partnerkpi_help", "RegisterPartnerHelp"
LIVE = "PartnerSetUp"  # the function that asks Python for its version, or says in words why it does not answer
NOT_READY = "Not ready"  # how its text begins where Python does not answer
_LIVE_HELP = "Say whether Python answers, with which version and when; or, in words, why it does not."
CODE_PAGE = "cp1252"  # of a VBA project that is written without Excel; also what Excel itself uses in the West

_NEW_LINE = "\r\n"
_NO_FORMULA_ERROR = 2015  # #VALUE!, for errors that VBA has no number for
_FAULT_ERROR = 2029  # #NAME?, which none of the functions answers: to Excel the function is not there
_LONGEST_LINE = 1_023  # of VBA source
# An argument of one of these names would not compile: Function PARTNER_RETENTION(start, end, new) is none.
_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """and any as attribute boolean byref byte byval call case cdec close const currency date debug declare dim do
        double each else elseif empty end enum eqv erase error event exit false for friend function get global gosub
        goto if imp implements in input integer is let lib like line lock long loop lset me mod new next not nothing
        null object on open option optional or paramarray preserve print private property public put raiseevent redim
        rem resume return rset seek select set single static step stop string sub then to true type typeof until
        variant wend while with withevents write xor""",
    )
)

_ARGUMENT = """
Private Function KpiArg(Optional ByVal v As Variant) As Variant
    ' A range becomes its values, as plain numbers and texts, read in one go; everything else stays what it is.
    If IsMissing(v) Then
        KpiArg = v
    ElseIf TypeName(v) <> "Range" Then
        KpiArg = v
    ElseIf v.Areas.Count > 1 Then
        KpiArg = KpiAreas(v)
    Else
        Dim part As Object
        Set part = KpiUsed(v)
        If part Is Nothing Then
            KpiArg = Empty
        Else
            KpiArg = part.Value2
        End If
    End If
End Function

Private Function KpiUsed(ByVal r As Object) As Object
    ' Of a range that reaches the edge of the sheet, such as A:A, only what lies above the last used row and column.
    ' Every other range keeps its size, so that two ranges of one size stay so; the head is kept, so that rows match.
    Dim sheet As Object, used As Object
    Set sheet = r.Worksheet
    Set KpiUsed = r
    If r.Row + r.Rows.Count > sheet.Rows.Count Or r.Column + r.Columns.Count > sheet.Columns.Count Then
        Set used = sheet.UsedRange
        Set used = sheet.Range(sheet.Cells(1, 1), used.Cells(used.Rows.Count, used.Columns.Count))
        Set KpiUsed = Application.Intersect(r, used)
    End If
End Function

Private Function KpiAreas(ByVal r As Object) As Variant
    ' Several ranges in one argument, (A2:A9,C2:C9), as one column: Value2 would give the first of them only.
    Dim area As Object, cell As Object, part As Object, values() As Variant, n As Long
    For Each area In r.Areas
        Set part = KpiUsed(area)
        If Not part Is Nothing Then n = n + part.Rows.Count * part.Columns.Count
    Next area
    If n = 0 Then
        KpiAreas = Empty
        Exit Function
    End If
    ReDim values(0 To n - 1, 0 To 0)
    n = 0
    For Each area In r.Areas
        Set part = KpiUsed(area)
        If Not part Is Nothing Then
            For Each cell In part.Cells
                values(n, 0) = cell.Value2
                n = n + 1
            Next cell
        End If
    Next area
    KpiAreas = values
End Function

Private Function KpiDays(Optional ByVal v As Variant) As Variant
    ' As KpiArg, of days: those of a workbook that counts from 1904 are counted from 1900, as Python reads them.
    Dim i As Long, j As Long, last As Long, days As Variant
    days = KpiArg(v)
    KpiDays = days
    If Not KpiFrom1904(v) Then Exit Function
    If Not IsArray(days) Then
        KpiDays = KpiDay(days)
        Exit Function
    End If
    last = -1
    On Error Resume Next
    last = UBound(days, 2)
    On Error GoTo 0
    For i = LBound(days, 1) To UBound(days, 1)
        If last < 0 Then
            days(i) = KpiDay(days(i))
        Else
            For j = LBound(days, 2) To last
                days(i, j) = KpiDay(days(i, j))
            Next j
        End If
    Next i
    KpiDays = days
End Function

Private Function KpiDay(ByVal v As Variant) As Variant
    If VarType(v) = vbDouble Then KpiDay = v + 1462 Else KpiDay = v
End Function

Private Function KpiFrom1904(Optional ByVal v As Variant) As Boolean
    ' Whether the workbook that the days are in counts from 1904; of days that are no range it is that of the formula.
    If TypeName(v) = "Range" Then
        KpiFrom1904 = v.Worksheet.Parent.Date1904
    ElseIf TypeName(Application.Caller) = "Range" Then
        KpiFrom1904 = Application.Caller.Worksheet.Parent.Date1904
    End If
End Function
"""

_RESULT = """
Private Function KpiResult(ByVal v As Variant) As Variant
    ' Python cannot hand a real error to Excel: the texts "#N/A", "#NUM!" ... become errors here.
    Dim i As Long, j As Long, last As Long
    If Not IsArray(v) Then
        KpiResult = KpiCell(v)
        Exit Function
    End If
    last = -1
    On Error Resume Next
    last = UBound(v, 2)
    On Error GoTo 0
    For i = LBound(v, 1) To UBound(v, 1)
        If last < 0 Then
            v(i) = KpiCell(v(i))
        Else
            For j = LBound(v, 2) To last
                v(i, j) = KpiCell(v(i, j))
            Next j
        End If
    Next i
    KpiResult = v
End Function

Private Function KpiCell(ByVal v As Variant) As Variant
    KpiCell = v
    If VarType(v) = vbString Then
        If Left$(v, 1) = "#" Then
            Select Case v
{cases}
            End Select
        End If
    End If
End Function
"""

_DECLARED = """Private kpiFaultText As String
Private kpiFaultTime As Date
"""

_FAULT = """
Private Function KpiFault(ByVal text As String) As Variant
    ' The function could not be asked at all: the cell shows {error}, and {live} says why, in words.
    kpiFaultText = KpiLine(text)
    kpiFaultTime = Now
    KpiFault = CVErr({number})
End Function

Private Function KpiLine(ByVal text As String) As String
    ' A message as one line that fits into a cell.
    text = Trim$(Replace(Replace(Replace(text, vbCr, " "), vbLf, " "), vbTab, " "))
    Do While InStr(text, "  ") > 0
        text = Replace(text, "  ", " ")
    Loop
    If Len(text) > {longest} Then text = Left$(text, {longest} - 4) & " ..."
    KpiLine = text
End Function

Public Function {live}() As Variant
Attribute {live}.VB_Description = {help}
Attribute {live}.VB_ProcData.VB_Invoke_Func = " \\n14"
    ' The one cell that says in words whether Python answers: asked anew whenever Excel calculates.
    Application.Volatile
    Dim said As String
    On Error GoTo failed
    said = XLPy.Str(XLPy.Call(XLPy.Module("{module}"), "answer", _
        XLPy.Tuple(GetConfig("{version}"), GetConfig("{functions}"))))
    {live} = KpiProof(said)
    Exit Function
failed:
    {live} = "{not_ready}: " & KpiLine(Err.Description)
End Function

Private Function KpiProof(ByVal said As String) As String
    ' What Python said, with the time; and the last fault of a function, should there have been one.
    KpiProof = said & ", " & Format$(Now, "yyyy-mm-dd hh:nn:ss")
    If Len(kpiFaultText) > 0 Then
        KpiProof = KpiProof & ". Last fault, " & Format$(kpiFaultTime, "hh:nn:ss") & ": " & kpiFaultText
    End If
End Function
"""

_BUTTON = """Option Explicit

Public Sub {macro}()
    ' The button on the sheet Set-up: tells Excel what each argument means, for the function wizard.
    ' It runs when somebody presses it and at no other time.
    On Error GoTo failed
{calls}
    MsgBox "The function wizard now explains the arguments of {count} functions, in the category {category}. " & _
        IIf(ThisWorkbook.IsAddin, "", "Save the workbook to keep it."), vbInformation, "partnerkpi"
    Exit Sub
failed:
    MsgBox "The help could not be registered: " & Err.Description, vbExclamation, "partnerkpi"
End Sub

Private Sub Explain(ByVal name As String, ByVal text As String, ByVal arguments As Variant)
    Application.MacroOptions Macro:="'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & name, _
        Description:=text, Category:="{category}", ArgumentDescriptions:=arguments
End Sub
{subs}"""


def modules(catalogue: Catalogue) -> dict[str, str]:
    """Return the source of the modules that are made here, by name; lines end as VBA wants them.

    Raises PartnerKpiError, naming the function, for one that VBA could not hold.
    """
    return {UDFS: _udfs(catalogue), BUTTON: _button(catalogue.functions)}


def _udfs(catalogue: Catalogue) -> str:
    """Return the wrappers with help, trimmed arguments and real errors."""
    source = catalogue.wrappers.replace("\r\n", "\n")
    for function in catalogue.functions:
        _check(function)
        source = _improve(source, function)
    head = (
        f'Attribute VB_Name = "{UDFS}"\n'
        "' Made by 'partnerkpi excel build' from what xlwings writes; changes here are lost with the next build.\n"
        f'#Const App = "Microsoft Excel"\n{OPTION_EXPLICIT}\n\n{_DECLARED}\n'
    )
    added = (_ARGUMENT, _RESULT.format(cases=_error_cases()), _fault())
    return _finished("".join((head, source.rstrip("\n"), "\n", *added)))


def _fault() -> str:
    """Return what makes a fault of the set-up an error in the cell and a text in one cell."""
    return _FAULT.format(
        error="#NAME?",
        number=_FAULT_ERROR,
        longest=MAX_HELP,
        live=LIVE,
        help=literal(_LIVE_HELP),
        module=live.__name__,
        version=VERSION,
        functions=FUNCTIONS,
        not_ready=NOT_READY,
    )


def _improve(source: str, function: ExcelFunction) -> str:
    """Return the wrappers with one function's help as attributes, its arguments trimmed and its errors real."""
    name = re.escape(function.name)
    help_lines = (
        f"Attribute {function.name}.VB_Description = {literal(function.help)}\n"
        f'Attribute {function.name}.VB_ProcData.VB_Invoke_Func = " \\n14"'  # 14: user-defined
    )
    passed = ", ".join(read_by(argument.name) for argument in function.arguments)
    source, heads = re.subn(rf"(?m)^(Function {name}\(.*\))$", lambda line: f"{line[1]}\n{help_lines}", source)
    source, calls = re.subn(
        rf'(?m)^( *{name} = )(XLPy\.CallUDF\("[\w.]+", "{name}", )Array\([\w, ]*\)(.*\))$',
        lambda line: f"{line[1]}KpiResult({line[2]}Array({passed}){line[3]})",
        source,
    )
    source, faults = re.subn(
        rf"(?m)^( *{name} = )Err\.Description$", lambda line: f"{line[1]}KpiFault(Err.Description)", source
    )
    if heads != 1 or calls == 0 or faults != 1:
        raise PartnerKpiError(f"xlwings wrote {function.name} in a way that is not known here; build with xlwings 0.37")
    return source


def read_by(argument: str) -> str:
    """Return the call with which a wrapper reads an argument: `KpiDays(dates)`, else `KpiArg(scores)`."""
    return f"{'KpiDays' if argument in DAYS else 'KpiArg'}({argument})"


def _error_cases() -> str:
    """Return the cases of `KpiCell`: the text of an error and its number."""
    numbers = {text: code - FIRST_COM_ERROR for code, text in COM_ERRORS.items()}
    numbers |= dict.fromkeys(sorted(ERROR_CELLS - set(numbers)), _NO_FORMULA_ERROR)
    return "\n".join(f'                Case "{text}": KpiCell = CVErr({number})' for text, number in numbers.items())


def _button(functions: Iterable[ExcelFunction]) -> str:
    """Return the module of the button: one procedure for each function, because VBA's lines are short."""
    functions = tuple(functions)
    calls, subs = [], []
    for function in functions:
        calls.append(f"    Explain{function.name}")
        count = len(function.arguments)
        lines = [f"    texts({position}) = {literal(one.help)}" for position, one in enumerate(function.arguments, 1)]
        subs.append(
            "\n".join(
                [
                    f"\nPrivate Sub Explain{function.name}()",
                    f"    Dim texts(1 To {max(1, count)}) As String",
                    *lines,
                    f'    Explain "{function.name}", {literal(function.help)}, texts',
                    "End Sub\n",
                ]
            )
        )
    body = _BUTTON.format(
        macro=BUTTON_MACRO, calls="\n".join(calls), count=len(functions), category=CATEGORY, subs="".join(subs)
    )
    return _finished(f'Attribute VB_Name = "{BUTTON}"\n{body}')


def _check(function: ExcelFunction) -> None:
    """Raise PartnerKpiError for a function whose names VBA refuses or whose help texts Excel would cut."""
    for name in (function.name, *(argument.name for argument in function.arguments)):
        if name.lower() in _RESERVED or not name.isidentifier() or not name.isascii() or name.startswith("_"):
            raise PartnerKpiError(
                f"{function.signature}: VBA does not take the name {name!r}; rename it in partnerkpi.udfs"
            )
    for text in (function.help, *(argument.help for argument in function.arguments)):
        if len(text) > MAX_HELP:
            raise PartnerKpiError(
                f"{function.name}: a help text has {len(text)} characters; Excel shows {MAX_HELP}: {text}"
            )


def literal(text: str) -> str:
    """Return text as VBA writes it: quoted, its own quotation marks doubled."""
    return '"' + text.replace('"', '""') + '"'


def _finished(source: str) -> str:
    """Return source as a module holds it. Raises PartnerKpiError for a line or a character that VBA cannot hold."""
    for line in source.splitlines():
        if len(line) > _LONGEST_LINE:
            raise PartnerKpiError(
                f"a line of VBA has {len(line)} characters, the most are {_LONGEST_LINE}: {line[:80]}"
            )
    try:
        source.encode(CODE_PAGE)
    except UnicodeEncodeError as error:
        raise PartnerKpiError(f"VBA cannot hold {error.object[error.start]!r}: use plainer help texts") from error
    return source.replace("\n", _NEW_LINE)
