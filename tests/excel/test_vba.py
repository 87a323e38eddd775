"""The VBA of scorecard.xlsm: what was generated is inside, nobody finds a fault in it, and its helpers run."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import subprocess
import sys
import tomllib
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import office
import pytest
from lxml import etree

from partnerkpi._version import __version__
from partnerkpi.cells import COM_ERRORS, FIRST_COM_ERROR
from partnerkpi.errors import PartnerKpiError
from partnerkpi.excel import live, vba
from partnerkpi.excel.functions import Argument, Catalogue, ExcelFunction, catalogue
from partnerkpi.excel.package import modules_in
from partnerkpi.excel.stamp import installed, settings_of
from partnerkpi.udfs import FUNCTIONS
from partnerkpi.udfs.arguments import day_of
from partnerkpi.vocabulary import ERROR_CELLS

ROOT = Path(__file__).resolve().parents[2]
SHEETS = (
    "Scorecard",
    "SetUp",
    "SelfTest",
    "Functions",
    "Responses",
    "Activities",
    "Customers",
    "Partners",
    "Checks",
    "Benchmarks",
)
DOCUMENTS = {"ThisWorkbook", *(f"Sheet{name}" for name in (*SHEETS, "Workings", "XlwingsConf"))}
MODULES = DOCUMENTS | {"xlwings", "Dictionary", "xlwings_udfs", "partnerkpi_help"}

Run = Callable[..., Any]


# --- what is inside -------------------------------------------------------------------------------------------------


def generated() -> dict[str, str]:
    """Return the source of every module that is not a document's, from where it comes."""
    import xlwings

    theirs = modules_in(Path(xlwings.__file__).with_name("quickstart_standalone.xlsm"))
    return {name: theirs[name] for name in ("xlwings", "Dictionary")} | vba.modules(catalogue())


def test_source_is_what_was_generated(workbook: Path) -> None:
    """Olevba finds each module, the source of each is what was generated, and documents have no code of their own.

    Option Explicit stands in every module but those of xlwings, which are as xlwings has them.
    """
    office.need_package("oletools")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of oletools' own dependencies
        from oletools.olevba import VBA_Parser

        parser = VBA_Parser(str(workbook))
        found = {Path(name).stem: source for _, _, name, source in parser.extract_macros()}
        parser.close()
    assert set(found) == MODULES
    for name, source in generated().items():
        assert lines(found[name]) == lines(source), name
    for name in DOCUMENTS:
        assert all(line.startswith(("Attribute", "Option Explicit")) for line in lines(found[name])), name
    assert {name for name, source in found.items() if "\nOption Explicit" not in source} == {"xlwings"}


def lines(source: str) -> list[str]:
    """Return the lines of a module, without those at its end that hold nothing."""
    return source.rstrip().splitlines()


def test_shipped_workbook_has_the_same_source(workbook: Path) -> None:
    """The workbook at the top of the project holds the modules that `partnerkpi excel build` writes today."""
    office.need_package("pyopenvba")
    assert modules_in(ROOT / "scorecard.xlsm") == modules_in(workbook)


def test_dll_is_that_of_the_pinned_xlwings() -> None:
    """The DLLs that the shipped workbook declares are those of the one xlwings that pyproject.toml allows."""
    office.need_package("pyopenvba")
    requirements = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    (pinned,) = (line.partition("==")[2] for line in requirements if line.startswith("xlwings=="))
    declared = set(re.findall(r'"(xlwings\d+-[^"]*\.dll)"', modules_in(ROOT / "scorecard.xlsm")["xlwings"]))
    assert declared == {f"xlwings64-{pinned}.dll", f"xlwings32-{pinned}.dll"}


def test_code_names_match(workbook: Path) -> None:
    """Each sheet, and the workbook, has a document module that bears its code name."""
    with zipfile.ZipFile(workbook) as package:
        names = set()
        for part in package.namelist():
            if part.startswith("xl/worksheets/sheet"):
                names.add(next(etree.fromstring(package.read(part)).iter("{*}sheetPr")).get("codeName"))
        names.add(next(etree.fromstring(package.read("xl/workbook.xml")).iter("{*}workbookPr")).get("codeName"))
    assert names == DOCUMENTS


# --- what others say ------------------------------------------------------------------------------------------------


def test_compound_file_has_no_defects(workbook: Path) -> None:
    """olefile, reading strictly, finds nothing wrong in the project's container."""
    office.need_package("olefile")
    import olefile

    with zipfile.ZipFile(workbook) as package:
        data = io.BytesIO(package.read("xl/vbaProject.bin"))
    with olefile.OleFileIO(data, raise_defects=olefile.DEFECT_INCORRECT) as container:
        assert container.parsing_issues == []
        streams = {path[-1] for path in container.listdir()}
    assert streams >= MODULES


def test_pyopenvba_finds_the_file_sound(workbook: Path) -> None:
    """PyOpenVBA's check of package, container and project has no findings."""
    import pyopenvba

    report = pyopenvba.check_file(workbook)
    assert report.ok, report.issues
    assert not report.warnings


def test_static_analysis_finds_no_error(workbook: Path) -> None:
    """Pyvbaanalysis finds nothing that VBA's compiler would refuse, and nothing worse than a hint in our own button."""
    office.need_package("pyvbaanalysis")
    from pyvbaanalysis import analyze_office_file

    found = analyze_office_file(str(workbook))
    problems = [(name, one.severity.value, one.code, one.message) for name, many in found.items() for one in many]
    assert not [problem for problem in problems if problem[1] == "error"]
    assert not [problem for problem in problems if problem[0] == "partnerkpi_help"]


def test_static_analysis_would_find_an_error(workbook: Path) -> None:
    """The same analysis does notice an argument called `end` or `new`, on which the module would not compile."""
    office.need_package("pyvbaanalysis")
    from pyvbaanalysis import analyze_module

    broken = modules_in(workbook)["xlwings_udfs"].replace("end_customers", "end")
    assert "error" in {problem.severity.value for problem in analyze_module(broken)}


def test_virus_scanners_have_no_cause(workbook: Path) -> None:
    """No code runs by itself, and no name looks as if it did: mraptor says Macro OK of the workbook as it is."""
    office.need_package("oletools")
    command = [sys.executable, "-W", "ignore", "-m", "oletools.mraptor", str(workbook)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Macro OK" in said.stdout, said.stdout
    assert said.returncode == 2  # Macro OK; 20 is suspicious


def test_a_name_like_an_event_would_be_noticed(workbook: Path, tmp_path: Path) -> None:
    """The same scanner calls the same code suspicious where a function's name ends in _Change."""
    office.need_package("oletools")
    text = "\n".join(modules_in(workbook).values()).replace("PARTNER_NPS_SHIFT", "PARTNER_NPS_CHANGE")
    renamed = tmp_path / "renamed.bas"
    renamed.write_text(text, encoding="cp1252")
    command = [sys.executable, "-W", "ignore", "-m", "oletools.mraptor", str(renamed)]
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 20


def test_libreoffice_loads_every_module(workbook: Path, tmp_path: Path) -> None:
    """LibreOffice opens the workbook and keeps each module, the functions' wrappers included, when it saves it."""
    saved = office.convert(workbook, "ods", tmp_path)
    with zipfile.ZipFile(saved) as package:
        library = etree.fromstring(package.read("Basic/VBAProject/script-lb.xml"), etree.XMLParser(load_dtd=False))
        wrappers = package.read("Basic/VBAProject/xlwings_udfs.xml").decode("utf-8")
    names = {element.get("{http://openoffice.org/2000/library}name") for element in library}
    assert names == MODULES
    assert all(f"Function {name}(" in wrappers for name in FUNCTIONS)


# --- wrappers -------------------------------------------------------------------------------------------------------


def test_wrappers_are_xlwings_own(workbook: Path) -> None:
    """Without what is added, the wrappers are what xlwings' generator writes, line by line."""
    source = "\n".join(lines(modules_in(workbook)["xlwings_udfs"]))
    source = source[source.index("Function PARTNER_") : source.index("Private Function KpiArg")]
    source = re.sub(r"(?m)^Attribute .*\n", "", source)
    source = re.sub(r"Kpi(?:Arg|Days)\((\w+)\)", r"\1", source)
    source = re.sub(r"KpiResult\((XLPy.*)\)$", r"\1", source, flags=re.MULTILINE)
    source = source.replace("KpiFault(Err.Description)", "Err.Description")
    assert source.split() == catalogue().wrappers.split()


def test_every_argument_and_result_is_treated(workbook: Path) -> None:
    """Each function has its help, reads each argument by KpiArg, days by KpiDays, and gives its result by KpiResult."""
    source = modules_in(workbook)["xlwings_udfs"]
    for function in catalogue().functions:
        passed = ", ".join(vba.read_by(argument.name) for argument in function.arguments)
        call = f'KpiResult(XLPy.CallUDF("partnerkpi.udfs", "{function.name}", Array({passed}), '
        assert source.count(f"{call}ThisWorkbook, Application.Caller))") == 1
        assert f"Attribute {function.name}.VB_Description = " in source
        assert f'Attribute {function.name}.VB_ProcData.VB_Invoke_Func = " \\n14"' in source


def test_catalogue_is_that_of_the_functions() -> None:
    """Xlwings records the same names, help texts and arguments as the functions themselves carry."""
    found = {function.name: function for function in catalogue().functions}
    assert set(found) == set(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        assert found[name].help == function.description
        assert {one.name: one.help for one in found[name].arguments} == dict(function.arguments)
        assert tuple(one.name for one in found[name].arguments if one.optional) == function.optional
        assert found[name].category == "Partner KPI"


def test_asking_xlwings_leaves_no_trace() -> None:
    """Xlwings is asked in a process of its own: no stand-in for pywin32 stays behind in this one."""
    catalogue.cache_clear()
    before = set(sys.modules)
    catalogue()
    assert not [name for name in set(sys.modules) - before if name.startswith(("win32", "python", "xlwings"))]


def test_button_explains_every_argument(workbook: Path) -> None:
    """The button's macro hands Excel the help of each argument, and no text is longer than Excel shows."""
    source = modules_in(workbook)["partnerkpi_help"]
    for function in catalogue().functions:
        body = source[source.index(f"Private Sub Explain{function.name}()") :]
        body = body[: body.index("End Sub")]
        for argument in function.arguments:
            assert vba.literal(argument.help) in body
            assert len(argument.help) <= 255
        assert f"    Explain{function.name}\r\n" in source


def made_up(name: str = "PARTNER_X", argument: str = "scores", text: str = "Help.") -> Catalogue:
    """Return a catalogue of one function, as xlwings would describe it."""
    function = ExcelFunction(name, "Return something.", "Partner KPI", (Argument(argument, text, optional=False),))
    call = f'{name} = XLPy.CallUDF("m", "{name}", Array({argument}), ThisWorkbook, Application.Caller)'
    body = f"    {call}\nfailed:\n    {name} = Err.Description"
    return Catalogue((function,), f"Function {name}({argument})\n{body}\nEnd Function\n", "0")


@pytest.mark.parametrize("word", ["end", "New", "date", "to", "_hidden", "größe"])
def test_names_that_vba_refuses(word: str) -> None:
    """A function whose argument VBA would not compile is refused when the workbook is built, with its name."""
    with pytest.raises(PartnerKpiError, match=f"PARTNER_X.*{word}"):
        vba.modules(made_up(argument=word))


@pytest.mark.parametrize(("text", "complaint"), [("x" * 256, "256 characters"), ("a ≥ b", "cannot hold '≥'")])
def test_help_that_vba_cannot_hold(text: str, complaint: str) -> None:
    """A help text that Excel would cut, or that VBA cannot write, is refused when the workbook is built."""
    with pytest.raises(PartnerKpiError, match=complaint):
        vba.modules(made_up(text=text))


def test_quotation_marks_in_help() -> None:
    """Quotation marks in a help text are doubled, as VBA wants them."""
    assert 'texts(1) = "say ""nps"""' in vba.modules(made_up(text='say "nps"'))["partnerkpi_help"]


def test_another_generator_is_refused() -> None:
    """Wrappers of a form that is not known are an error when the workbook is built, not a surprise in a cell."""
    strange = made_up()
    strange = Catalogue(strange.functions, strange.wrappers.replace("XLPy.CallUDF", "Py.Call"), "9")
    with pytest.raises(PartnerKpiError, match="PARTNER_X"):
        vba.modules(strange)


# --- KpiArg and KpiResult, run --------------------------------------------------------------------------------------

HARNESS = """
Function Fault(text As String)
    Fault = KpiFault(text)
End Function
Function Proof(text As String) As String
    Proof = KpiProof(text)
End Function
Function UsedPart(address As String) As String
    Dim part As Object
    Set part = KpiUsed(Range(address))
    If part Is Nothing Then UsedPart = "nothing" Else UsedPart = part.Address
End Function
Function Read(address As String)
    Read = KpiArg(Range(address))
End Function
Function ReadBoth(first As String, second As String)
    ReadBoth = KpiArg(Union(Range(first), Range(second)))
End Function
Function Pass(x)
    Pass = KpiArg(x)
End Function
Function Forward(Optional x) As String
    Forward = TypeName(KpiArg(x)) & IsMissing(KpiArg(x))
End Function
Function LeftOut() As String
    LeftOut = Forward()
End Function
Function Days(x)
    Days = KpiDays(x)
End Function
Function DaysAt(address As String)
    DaysAt = KpiDays(Range(address))
End Function
Function DayOfAMac(x)
    DayOfAMac = KpiDay(x)
End Function
Function Result(x)
    Result = KpiResult(x)
End Function
Function ResultTable()
    Dim v(0 To 1, 0 To 1) As Variant
    v(0, 0) = "#N/A": v(0, 1) = 5: v(1, 0) = "Acme": v(1, 1) = "#NUM!"
    ResultTable = KpiResult(v)
End Function
Function ResultRow()
    ResultRow = KpiResult(Array("#VALUE!", 5, "up"))
End Function
"""


#: What a workbook says of the day from which it counts; the interpreter's has no such property.
FROM_1900, FROM_1904 = "False", "True"


@pytest.fixture(scope="module")
def run(workbook: Path) -> Run:
    """Return a function that runs VBA of the workbook in pyOpenVBA's interpreter, over a sheet with a few cells."""
    return run_of(modules_in(workbook)["xlwings_udfs"], FROM_1900)


def run_of(source: str, from_1904: str) -> Run:
    """Return a function that runs VBA of a module, in a workbook that counts days as it is told."""
    from pyopenvba.apps.excel import ExcelApplication

    source = source.replace("v.Worksheet.Parent.Date1904", from_1904).replace("TypeName(Application.Caller)", '"Range"')
    source = source.replace("Application.Caller.Worksheet.Parent.Date1904", from_1904)
    app = ExcelApplication()
    app.add_workbook()
    declared = "Option Explicit\r\nPrivate kpiFaultText As String\r\nPrivate kpiFaultTime As Date\r\n"
    assert declared in source.replace("\r\n\r\n", "\r\n")
    helpers = source[source.index("Private Function KpiArg") : source.index(f"Public Function {vba.LIVE}")]
    helpers += source[source.index("Private Function KpiProof") :]
    app.add_module(declared + helpers + HARNESS, name="Helpers")
    sheet = app.sheet(1)
    for row in range(3, 8):
        sheet.set_value(f"A{row}", float(row))
        sheet.set_value(f"C{row}", "x")
    run: Run = app.run
    return run


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("A:A", "$A$1:$A$7"),  # its head stays, so that rows match those of other columns
        ("A:C", "$A$1:$C$7"),
        ("A2:A1048576", "$A$2:$A$7"),
        ("5:5", "$A$5:$C$5"),
        ("A2:A200", "$A$2:$A$200"),  # a range that ends before the sheet does keeps its size
        ("A5", "$A$5"),
        ("D:D", "nothing"),
        ("A20:A1048576", "nothing"),
    ],
)
def test_kpi_arg_trims_to_the_used_range(run: Run, given: str, used: str) -> None:
    """A range that reaches the edge of the sheet ends with the last used row and column; every other keeps its size."""
    assert run("UsedPart", given) == used


def test_kpi_arg_reads_values(run: Run) -> None:
    """A block becomes a table of values, one cell its value, an unused column nothing; what is no range stays."""
    assert run("Read", "A3:A5") == [[3.0], [4.0], [5.0]]
    assert run("Read", "A5") == 5.0
    assert run("Read", "D:D") is None
    assert run("Pass", 7.5) == 7.5
    assert run("Pass", "quarter") == "quarter"


def test_kpi_arg_takes_several_ranges(run: Run) -> None:
    """Two ranges in one argument become one column, in their order."""
    assert run("ReadBoth", "A3:A4", "C3:C4") == [[3.0], [4.0], ["x"], ["x"]]


def test_kpi_arg_leaves_out_what_was_left_out(run: Run) -> None:
    """An optional argument that was left out still looks so to xlwings."""
    assert run("LeftOut") == "ErrorTrue"


def test_days_that_are_counted_from_1904(workbook: Path, run: Run) -> None:
    """They are read as days counted from 1900, 1,462 days later; others, and what is no number, stay."""
    assert (run("DayOfAMac", 44591.5), run("DayOfAMac", "soon"), run("DayOfAMac", True)) == (46053.5, "soon", True)
    assert day_of(1462) == dt.date(1904, 1, 1)
    source = modules_in(workbook)["xlwings_udfs"]
    for given, read in ((FROM_1900, [[3.0], [4.0]]), (FROM_1904, [[1465.0], [1466.0]])):
        asked = run_of(source, given)
        assert asked("DaysAt", "A3:A4") == read
        assert (asked("Days", "quarter"), asked("Days", 3.0)) == ("quarter", read[0][0])
    assert [name for one in FUNCTIONS.values() for name, text in one.arguments.items() if "dates" in text] == ["dates"]


@pytest.mark.parametrize("text", sorted(ERROR_CELLS))
def test_kpi_result_makes_errors(run: Run, text: str) -> None:
    """Each error text that Python can return becomes the error of Excel with that name, the unknown ones #VALUE!."""
    numbers = {name: code - FIRST_COM_ERROR for code, name in COM_ERRORS.items()}
    assert str(run("Result", text)) == f"Error {numbers.get(text, 2015)}"


@pytest.mark.parametrize("value", [5.0, -0.5, "Promoter", "", "#1 of all", True])
def test_kpi_result_leaves_values(run: Run, value: object) -> None:
    """Everything that is no error text goes through as it is."""
    assert run("Result", value) == value


def test_kpi_result_in_tables(run: Run) -> None:
    """In a table, and in a row, errors are made cell by cell and the rest stays."""
    table = [[str(cell) for cell in row] for row in run("ResultTable")]
    assert table == [["Error 2042", "5"], ["Acme", "Error 2036"]]
    assert [str(cell) for cell in run("ResultRow")] == ["Error 2015", "5", "up"]


def test_a_fault_of_the_set_up_is_an_error(run: Run) -> None:
    """A function that cannot be asked gives #NAME?, whatever the fault says, and the Set-up cell says it in a line.

    As a text, which xlwings gives, AVERAGE would pass over it, and Excel ranks it above every number.
    """
    assert run("Proof", "Python answers: 1").startswith("Python answers: 1, 2")
    for fault in ("Object required", "50", "#N/A", ""):
        assert str(run("Fault", fault)) == "Error 2029"
    run("Fault", "Could not load xlwings64-0.dll\r\nfrom either\tof  these:\r\n" + "x" * 400)
    said = run("Proof", "Python answers: 1")
    assert "Last fault" in said
    fault = said[said.index("Could not load") :]
    assert fault.startswith("Could not load xlwings64-0.dll from either of these: xxx")
    assert fault.endswith(" ...")
    assert len(fault) == 255


def test_every_fault_is_an_error(workbook: Path) -> None:
    """No wrapper hands the text of a fault to its cell: each makes it an error."""
    source = modules_in(workbook)["xlwings_udfs"]
    for name in FUNCTIONS:
        body = source[source.index(f"\nFunction {name}(") :]
        assert (
            body[: body.index("\nEnd Function")].rstrip().endswith(f"failed:\r\n    {name} = KpiFault(Err.Description)")
        )
    assert source.count("= Err.Description") == 0


def test_the_live_cell_asks_python(workbook: Path) -> None:
    """The Set-up cell hands Python what the file carries, by a function that is there and answers one line."""
    source = modules_in(workbook)["xlwings_udfs"]
    body = source[source.index(f"Public Function {vba.LIVE}()") :]
    body = body[: body.index("End Function")]
    assert "Application.Volatile" in body
    assert f'XLPy.Module("{live.__name__}"), "{live.answer.__name__}"' in body
    assert re.findall(r'GetConfig\("(\w+)"\)', body) == [key for key, _ in installed().settings]
    carried = dict(settings_of(workbook))
    version, functions = (carried[key] for key in ("PARTNERKPI_VERSION", "PARTNERKPI_FUNCTIONS"))
    assert live.answer(version, functions).startswith(
        f"Python answers: partnerkpi {__version__}, {len(FUNCTIONS)} func"
    )


@pytest.mark.parametrize(
    ("version", "lost", "added", "says"),
    [
        ("0.0.1", "", "", f"the file is of partnerkpi 0.0.1, installed is {__version__}"),
        ("", "", "", f"the file is of an earlier partnerkpi, installed is {__version__}"),
        (__version__, "PARTNER_NPS", "", "the file lacks PARTNER_NPS"),
        (__version__, "", ";PARTNER_OLD", "the file has PARTNER_OLD, which is not installed"),
    ],
)
def test_the_live_cell_notices_another_version(version: str, lost: str, added: str, says: str) -> None:
    """A workbook of another version, or with other functions, is told so by the Python that answers it."""
    functions = ";".join(name for name in FUNCTIONS if name != lost) + added
    said = live.answer(version, functions)
    assert said == f"Another version: {says}; run partnerkpi excel install"


def test_json_of_the_catalogue_is_stable() -> None:
    """What the asking process prints is one line of JSON, the same each time."""
    command = [sys.executable, "-m", "partnerkpi.excel.functions", "partnerkpi.udfs", "scorecard.xlsm"]
    first, second = (subprocess.run(command, capture_output=True, check=True).stdout for _ in range(2))
    assert first == second
    assert set(json.loads(first)) == {"functions", "wrappers", "xlwings"}
