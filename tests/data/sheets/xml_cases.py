"""Workbooks written part by part: forms that other programs and corner cases of the format bring."""

import io
import zipfile

from table import COVERED, DATE, ERROR, HEADER, MERGED, NUMBER, TABLE, openid, payee, row, rows
from xlsx_cases import case

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    "</Types>"
)


def relations(office, *targets):
    lines = "".join(f'<Relationship Id="r{n}" Type="{office}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1))
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def parts(sheet, strings=None, main=MAIN, office=OFFICE, styles=None, prefix=""):
    """The parts of a workbook with one worksheet, by name; `sheet` is what stands inside `worksheet`."""
    p, xmlns = (f"{prefix}:", f"xmlns:{prefix}") if prefix else ("", "xmlns")
    targets = [("worksheet", "worksheets/sheet1.xml")]
    made = {
        "[Content_Types].xml": HEAD + TYPES,
        "_rels/.rels": relations(office, ("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<{p}workbook {xmlns}="{main}" xmlns:r="{office}"><{p}sheets><{p}sheet name="工资" sheetId="1" r:id="r1"/></{p}sheets></{p}workbook>',
        "xl/worksheets/sheet1.xml": f'{HEAD}<{p}worksheet {xmlns}="{main}">{sheet}</{p}worksheet>',
    }
    if strings is not None:
        made["xl/sharedStrings.xml"] = f'{HEAD}<{p}sst {xmlns}="{main}">{strings}</{p}sst>'
        targets.append(("sharedStrings", "sharedStrings.xml"))
    if styles is not None:
        made["xl/styles.xml"] = f'{HEAD}<{p}styleSheet {xmlns}="{main}">{styles}</{p}styleSheet>'
        targets.append(("styles", "styles.xml"))
    made["xl/_rels/workbook.xml.rels"] = relations(office, *targets)
    return made


def pack(made, how=zipfile.ZIP_DEFLATED, wide=False):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as packed:
        for name, content in made.items() if isinstance(made, dict) else made:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = how
            # zipfile would make a backslash a slash.
            entry.filename = name
            with packed.open(entry, "w", force_zip64=wide) as part:
                part.write(content if isinstance(content, bytes) else content.encode())
    return stream.getvalue()


def inline(value):
    return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def plain(table):
    """A table in inline strings, without any reference."""
    return "<sheetData>" + "".join("<row>" + "".join(map(inline, line)) + "</row>" for line in table) + "</sheetData>"


def hand(file, comment, made, cells, **more):
    content = made if isinstance(made, bytes) else pack(made)
    return case(file, comment, "by hand", content, cells, **more)


def forms():
    yield hand("no-references.xlsx", "Rows and cells without their references", parts(plain(TABLE)), rows(TABLE))
    x = plain([HEADER, payee(1)])
    for name in ("sheetData", "row", "is", "c", "t"):
        x = x.replace(f"<{name}>", f"<x:{name}>").replace(f"</{name}>", f"</x:{name}>").replace(f"<{name} ", f"<x:{name} ")
    yield hand("prefixed.xlsx", "Every element with a prefix", parts(x, prefix="x"), rows([HEADER, payee(1)]))
    strict = parts(plain([HEADER, payee(1)]), main=STRICT, office=STRICT_OFFICE)
    yield hand("strict.xlsx", "The strict form of the format", strict, rows([HEADER, payee(1)]))
    yield hand("stored.xlsx", "Nothing compressed", pack(parts(plain(TABLE)), zipfile.ZIP_STORED), rows(TABLE))
    yield hand("zip64.xlsx", "ZIP64 headers, as streams write them", pack(parts(plain(TABLE)), wide=True), rows(TABLE))
    slashes = {name.replace("/", "\\") if name.startswith("xl") else name: part for name, part in parts(plain(TABLE)).items()}
    yield hand("backslashes.xlsx", "Names of parts with backslashes, as old .NET programs write them", slashes, rows(TABLE))
    rooted = parts(plain(TABLE))
    rooted["xl/_rels/workbook.xml.rels"] = relations(OFFICE, ("worksheet", "/xl/worksheets/sheet1.xml"))
    yield hand("rooted-targets.xlsx", "Targets that begin at the root", rooted, rows(TABLE))
    cased = {name.replace("sheet1", "Sheet1"): part for name, part in parts(plain(TABLE)).items()}
    yield hand("other-case.xlsx", "The name of a part in another case than its reference", cased, rows(TABLE))
    typed = parts(plain(TABLE))
    typed["[Content_Types].xml"] = HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    yield hand("no-content-types.xlsx", "Content types that say nothing", typed, rows(TABLE))


def contents():
    head = "<row r=\"1\">" + "".join(map(inline, HEADER)) + "</row>"
    excel = head + (
        f'<row r="2">{inline("D1")}{inline(openid(1))}{inline("李雷")}<c r="D2"><v>7.0000000000000007E-2</v></c>{inline("工资")}</row>'
        f'<row r="3">{inline("D2")}{inline(openid(2))}{inline("李雷")}<c r="D3"><v>1234567.8899999999</v></c>{inline("工资")}</row>'
        f'<row r="4"><c r="A4"><v>1.1010119900307E+17</v></c>{inline(openid(3))}{inline("李雷")}<c r="D4" t="n"><v>12.50</v></c>{inline("工资")}</row>'
    )
    cells = [
        row(1, HEADER),
        row(2, ["D1", openid(1), "李雷", "7.0000000000000007E-2", "工资"], [0, 0, 0, NUMBER]),
        row(3, ["D2", openid(2), "李雷", "1234567.8899999999", "工资"], [0, 0, 0, NUMBER]),
        row(4, ["1.1010119900307E+17", openid(3), "李雷", "12.50", "工资"], [NUMBER, 0, 0, NUMBER]),
    ]
    yield hand("excel-numbers.xlsx", "0.07, 1234567.89 and an 18-digit id, as Excel itself writes them", parts(f"<sheetData>{excel}</sheetData>"), cells)

    blank = parts('<sheetData><row r="1"><c r="A1"><v>\n 12.50 </v></c></row></sheetData>')
    yield hand("blanks-around-number.xlsx", "Blanks around a number", blank, [row(1, ["12.50"], [NUMBER])])

    strings = (
        "<si><t>张三</t><rPh sb=\"0\" eb=\"2\"><t>チョウサン</t></rPh><phoneticPr fontId=\"1\"/></si>"
        "<si><r><rPr><b/></rPr><t xml:space=\"preserve\">九月 </t></r><r><t>工资</t></r><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></si>"
        "<si><t>  两边  </t></si><si><t xml:space=\"preserve\">  两边  </t></si>"
        "<si><t>一_x000D_\n二_x005F_x000D_</t></si><si><t><![CDATA[<&>]]>a<!-- c -->b&amp;&#x5F20;&#19977;</t></si><si/>"
    )
    shown = ["张三", "九月 工资", "两边", "  两边  ", "一\r\n二_x000D_", "<&>ab&张三", ""]
    cell = lambda at, column: f'<c r="{column}1" t="s"><v>{at}</v></c>'
    sheet = '<sheetData><row r="1">' + "".join(cell(at, column) for at, column in enumerate("ABCDEFG")) + "</row></sheetData>"
    yield hand("shared-strings.xlsx", "Phonetic runs, blanks, escapes, CDATA, references, an empty text", parts(sheet, strings), [row(1, shown)])

    sheet = (
        '<sheetData><row r="2" hidden="1"><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#N/A</v></c><c r="D2" t="d"><v>2026-11-01</v></c>'
        '<c r="E2" t="str"><f>A1</f><v> a </v></c><c r="F2" s="9"/></row><row r="3" ht="0" customHeight="1"><c r="A3"><v>1</v></c></row></sheetData>'
    )
    cells = [
        row(2, ["", "TRUE", "#N/A", "2026-11-01", " a "], [0, 0, ERROR, DATE, 2], hidden=True),
        row(3, ["1"], [NUMBER], hidden=True),
    ]
    yield hand("kinds.xlsx", "Boolean, error, date, text of a formula; a row of no height", parts(sheet), cells)

    styles = (
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="0.00&quot;day&quot;"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="57"/></cellXfs>'
    )
    sheet = '<sheetData><row r="1">' + "".join(f'<c r="{c}1" s="{s}"><v>46327</v></c>' for s, c in enumerate("ABCDE")) + "</row></sheetData>"
    cells = [row(1, ["46327"] * 5, [NUMBER, NUMBER | DATE, NUMBER, NUMBER | DATE, NUMBER])]
    yield hand("date-formats.xlsx", "Formats of dates, and one that only looks like it", parts(sheet, styles=styles), cells)

    sheet = (
        f'<sheetData><row r="1">{"".join(map(inline, "abc"))}</row><row r="2"><c r="B2" t="inlineStr"><is><t>下面</t></is></c></row></sheetData>'
        '<mergeCells count="2"><mergeCell ref="B1:XFD2"/><mergeCell ref="A5:A9"/></mergeCells>'
    )
    cells = [row(1, ["a", "b", ""], [0, MERGED, COVERED]), row(2, ["", "", ""], [0, COVERED, COVERED])]
    yield hand("merged-far.xlsx", "A merged range to the last column, over a cell that holds a text: Excel does not show it", parts(sheet), cells)
    apart = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>z</t></is></c></row></sheetData>'
    yield hand("last-cell.xlsx", "Something in the very last cell", parts(apart), [], shape=[2, 16384])


def cases():
    yield from forms()
    yield from contents()
