"""Workbooks that openpyxl, XlsxWriter and xlwt write."""

import datetime
import io
import re
import zipfile

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import PatternFill

from table import COVERED, DATE, ERROR, FORMULA, HEADER, MERGED, NUMBER, TABLE, good, payee, row, rows

OPENPYXL = f"openpyxl {openpyxl.__version__}"
XLSXWRITER = f"XlsxWriter {xlsxwriter.__version__}"
THEN = datetime.datetime(2026, 11, 1)


def repack(content):
    """The same workbook, without the time at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return made.getvalue()


def by_openpyxl(fill):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "工资"
    fill(book, sheet)
    made = io.BytesIO()
    book.save(made)
    return repack(made.getvalue())


def by_xlsxwriter(fill, **options):
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, **options})
    book.set_properties({"created": THEN})
    fill(book, book.add_worksheet("工资"))
    book.close()
    return repack(made.getvalue())


def case(file, comment, source, content, cells, worksheets=("工资",), **more):
    facts = {"format": "xlsx", "worksheet": more.pop("worksheet", worksheets[0]), "worksheets": list(worksheets)}
    return good(file, comment, source, content, cells, **facts, **more)


def openpyxl_case(file, comment, fill, cells, *others, **more):
    return case(file, comment, OPENPYXL, by_openpyxl(fill), cells, *others, **more)


def append(table):
    def fill(_, sheet):
        for line in table:
            sheet.append([value or None for value in line])

    return fill


def from_openpyxl():
    yield openpyxl_case("same.xlsx", "The table of same-utf8.csv", append(TABLE), rows(TABLE))
    yield openpyxl_case("header-only.xlsx", "A header and nothing below it", append([HEADER]), rows([HEADER]))
    yield openpyxl_case("no-cells.xlsx", "A worksheet without a cell", append([]), [])

    def gaps(_, sheet):
        for column, title in enumerate(HEADER, 1):
            sheet.cell(3, column, title)
        for column, value in enumerate(payee(1), 1):
            sheet.cell(7, column, value)
        sheet["H7"] = "远"

    yield openpyxl_case("gaps.xlsx", "Blank rows above and between, a blank column", gaps, [row(3, HEADER), row(7, [*payee(1), "", "", "远"])])

    def merged(_, sheet):
        append([["九月工资"], HEADER, payee(1), [*payee(2)[:4], None], payee(3)])(None, sheet)
        sheet.merge_cells("A1:E1")
        sheet.merge_cells("E3:E4")

    cells = [
        row(1, ["九月工资", "", "", "", ""], [MERGED, COVERED, COVERED, COVERED, COVERED]),
        row(2, HEADER),
        row(3, payee(1), [0, 0, 0, 0, MERGED]),
        row(4, [*payee(2)[:4], ""], [0, 0, 0, 0, COVERED]),
        row(5, payee(3)),
    ]
    yield openpyxl_case("merged.xlsx", "A merged title, a remark merged over two rows", merged, cells)

    def hidden(_, sheet):
        append(TABLE)(None, sheet)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    cells = [row(1, HEADER), row(2, TABLE[1]), row(3, TABLE[2], hidden=True), row(4, TABLE[3])]
    yield openpyxl_case("hidden.xlsx", "A hidden row and a hidden column", hidden, cells, hiddenColumns=[1])

    def sheets(book, sheet):
        append([["说明"]])(None, sheet)
        sheet.sheet_state = "hidden"
        append(TABLE)(None, book.create_sheet("明细"))
        append([["别的"]])(None, book.create_sheet("A & B"))

    names = ("工资", "明细", "A & B")
    yield openpyxl_case("hidden-sheet.xlsx", "The first worksheet is hidden: the second is read", sheets, rows(TABLE), names, worksheet="明细")

    def unfinished(_, sheet):
        append([HEADER, [*payee(1)[:3], "=1+1", "工资"], payee(2)])(None, sheet)

    cells = [row(1, HEADER), row(2, [*payee(1)[:3], "", "工资"], [0, 0, 0, FORMULA]), row(3, payee(2))]
    yield openpyxl_case("formula-without-result.xlsx", "A formula that nobody has computed yet", unfinished, cells)

    def styled(_, sheet):
        append(TABLE)(None, sheet)
        for number in range(1, 30):
            for column in range(1, 40):
                sheet.cell(number, column).fill = PatternFill("solid", fgColor="FFFF00")

    yield openpyxl_case("coloured.xlsx", "Colour far beyond the cells that hold something", styled, rows(TABLE))

    def rich(_, sheet):
        append([HEADER])(None, sheet)
        sheet.append(payee(1, None))
        sheet["C2"] = CellRichText("李", TextBlock(InlineFont(b=True), "雷"), TextBlock(InlineFont(i=True), " 收"))

    yield openpyxl_case("rich-text.xlsx", "A name in three fonts", rich, rows([HEADER, payee(1, "李雷 收")]))

    def dates(_, sheet):
        append([HEADER, payee(1, remark=None), payee(2, remark=None)])(None, sheet)
        sheet["E2"] = datetime.date(2026, 11, 1)
        sheet["E3"] = 0.5
        sheet["E3"].number_format = 'h"时"mm"分"'

    cells = [row(1, HEADER), row(2, [*payee(1)[:4], "46327"], [0, 0, 0, 0, NUMBER | DATE]), row(3, [*payee(2)[:4], "0.5"], [0, 0, 0, 0, NUMBER | DATE])]
    yield openpyxl_case("dates.xlsx", "A date and a time: numbers, told by their formats", dates, cells)

    def text_format(_, sheet):
        append([HEADER, payee(1)])(None, sheet)
        sheet["A2"] = 2026
        sheet["A2"].number_format = "@"
        sheet["D2"] = 12.5
        sheet["D2"].number_format = '"d"0.00"元(m)"'

    cells = [row(1, HEADER), row(2, ["2026", *payee(1)[1:3], "12.5", "九月工资"], [NUMBER, 0, 0, NUMBER])]
    yield openpyxl_case("numbers-as-text.xlsx", "A number in a text format, an amount in a format with letters of dates", text_format, cells)

    def injection(_, sheet):
        append([HEADER])(None, sheet)
        for number, remark in enumerate(['=HYPERLINK("http://example.com","x")', "+1", "@SUM(1)"], 1):
            sheet.append(payee(number))
            sheet.cell(number + 1, 5).value = remark
            sheet.cell(number + 1, 5).data_type = "s"

    lines = [payee(1, remark='=HYPERLINK("http://example.com","x")'), payee(2, remark="+1"), payee(3, remark="@SUM(1)")]
    yield openpyxl_case("formula-as-text.xlsx", "Texts that look like formulas: written back, they must stay texts", injection, rows([HEADER, *lines]))


def from_xlsxwriter():
    def numbers(_, sheet):
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, [202611010000001, *payee(1)[1:3], 0.07, "工资"])
        sheet.write_row(2, 0, [110101199003070017, *payee(2)[1:3], 1999.99, 7])

    cells = [
        row(1, HEADER),
        row(2, ["202611010000001", *payee(1)[1:3], "0.07000000000000001", "工资"], [NUMBER, 0, 0, NUMBER]),
        row(3, ["1.101011990030700E+17", *payee(2)[1:3], "1999.99", "7"], [NUMBER, 0, 0, NUMBER, NUMBER]),
    ]
    cells[2]["cells"][0] = f"{110101199003070017:.16G}"
    yield case("numbers.xlsx", "Ids and amounts as numbers: the 18-digit id has lost its end", XLSXWRITER, by_xlsxwriter(numbers), cells)

    def formulas(_, sheet):
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, payee(1)[:3])
        sheet.write_formula("D2", "=1+1", None, 2)
        sheet.write_formula("E2", '="九月"&"工资"', None, "九月工资")
        sheet.write_row(2, 0, payee(2)[:3])
        sheet.write_formula("D3", "=VLOOKUP(1,A1:B2,9)", None, "#REF!")
        sheet.write_formula("E3", "=TRUE", None, "TRUE")
        sheet.write_boolean("F3", False)

    cells = [
        row(1, HEADER),
        row(2, [*payee(1)[:3], "2", "九月工资"], [0, 0, 0, NUMBER | FORMULA, FORMULA]),
        row(3, [*payee(2)[:3], "#REF!", "TRUE", "FALSE"], [0, 0, 0, ERROR | FORMULA, FORMULA]),
    ]
    yield case("formulas.xlsx", "Formulas with their results: a number, a text, an error, a boolean", XLSXWRITER, by_xlsxwriter(formulas), cells)

    def inline(_, sheet):
        for number, line in enumerate(TABLE):
            sheet.write_row(number, 0, line)

    content = by_xlsxwriter(inline, constant_memory=True)
    yield case("inline-strings.xlsx", "Texts in the cells instead of a shared table", XLSXWRITER, content, rows(TABLE))

    def filtered(_, sheet):
        for number, line in enumerate(TABLE):
            sheet.write_row(number, 0, line)
        sheet.autofilter("A1:E4")
        sheet.filter_column("C", 'x == "李雷"')
        sheet.set_row(2, options={"hidden": True})
        sheet.set_row(3, options={"hidden": True})

    cells = [row(1, HEADER), row(2, TABLE[1]), row(3, TABLE[2], hidden=True), row(4, TABLE[3], hidden=True)]
    yield case("filtered.xlsx", "Rows that a filter hides", XLSXWRITER, by_xlsxwriter(filtered), cells)

    def wide(_, sheet):
        for number in range(2):
            sheet.write_row(number, 0, ["列"] * 16384)

    yield case("16384-columns.xlsx", "All the columns there are", XLSXWRITER, by_xlsxwriter(wide), [], shape=[2, 16384])

    def chart(book, sheet):
        for number, line in enumerate(TABLE):
            sheet.write_row(number, 0, line)
        made = book.add_chart({"type": "column"})
        made.add_series({"values": "=工资!$D$2:$D$4"})
        book.add_chartsheet("图").set_chart(made)
        sheet.write_comment("C2", "批注")
        sheet.data_validation("E2:E9", {"validate": "list", "source": ["工资", "奖金"]})
        sheet.conditional_format("D2:D9", {"type": "data_bar"})

    yield case("chart-and-more.xlsx", "A chart sheet, a comment, a validation, data bars", XLSXWRITER, by_xlsxwriter(chart), rows(TABLE))


def cases():
    yield from from_openpyxl()
    yield from from_xlsxwriter()
