"""What must be refused, with a reason that says what to do."""

import io
import struct
import warnings
import zipfile

import msoffcrypto.format.ooxml
import xlwt

from table import TABLE, bad, payee
from xlsx_cases import append, by_openpyxl
from xml_cases import HEAD, MAIN, OFFICE, inline, pack, parts, plain, relations

TOO_LARGE = "ERR_SHEET_TOO_LARGE"


def refused(file, comment, reason, content, code="ERR_SHEET_FORMAT", source="by hand", **more):
    content = pack(content) if isinstance(content, dict) else content
    return bad(file, comment, source, content, code, format="xlsx", reason=reason, **more)


def changed(name, old, new):
    made = parts(plain(TABLE))
    assert old in made[name]
    made[name] = made[name].replace(old, new, 1)
    return made


SHEET = "xl/worksheets/sheet1.xml"


def containers():
    whole = by_openpyxl(append(TABLE))
    yield refused("truncated.xlsx", "The first half of a workbook", "cut short", whole[: len(whole) // 2])
    yield refused("truncated-end.xlsx", "Without its last byte", "cut short", whole[:-1])
    made = pack(parts(plain(TABLE)), zipfile.ZIP_STORED)
    yield refused("flipped-byte.xlsx", "One byte changed: the checksum says so", "cut short or damaged", made.replace("李雷".encode(), "李雪".encode()))
    packed = bytearray(pack(parts(plain(TABLE))))
    at = packed.index(b"xl/worksheets/sheet1.xml") + 40
    packed[at : at + 8] = b"\xff" * 8
    yield refused("broken-stream.xlsx", "A compressed stream that is none", "cut short or damaged", bytes(packed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        twice = pack([*parts(plain(TABLE)).items(), (SHEET, parts(plain(TABLE[:2]))[SHEET])])
    yield refused("part-twice.xlsx", "Two worksheets of one name: which one Excel shows is anybody's guess", "contradicts itself", twice)
    made = pack(parts(plain(TABLE)))
    first = made.index(b"xl/worksheets/sheet1.xml")
    other = made[:first] + b"xl/worksheets/sheet9.xml" + made[first + 24 :]
    yield refused("two-names.xlsx", "A part with another name in its own header", "cut short or damaged", other)
    flagged = bytearray(pack(parts(plain(TABLE))))
    at = flagged.index(b"PK\x01\x02")
    flagged[at + 8] |= 1
    yield refused("zip-encrypted.xlsx", "A ZIP with a password", "protected by a password", bytes(flagged))
    yield refused("lzma.xlsx", "Packed with LZMA", "packed in a way", pack(parts(plain(TABLE)), zipfile.ZIP_LZMA))
    yield refused("csv-in-zip.xlsx", "A ZIP that holds a CSV", "without a workbook", {"payouts.csv": "a,b\n1,2\n"})
    yield refused("empty-zip.xlsx", "A ZIP that holds nothing", "empty ZIP", pack({}))


def others():
    def encrypted():
        sealed = io.BytesIO()
        msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(by_openpyxl(append(TABLE)))).encrypt("secret", sealed)
        return sealed.getvalue()

    yield refused("password.xlsx", "Protected by a password, as Excel does it", "protected by a password", encrypted, source="openpyxl, msoffcrypto-tool", keep=True)
    book = xlwt.Workbook()
    sheet = book.add_sheet("工资")
    for number, line in enumerate(TABLE):
        for column, value in enumerate(line):
            sheet.write(number, column, value)
    old = io.BytesIO()
    book.save(old)
    yield refused("old.xls", "A workbook of Excel 97", "old .xls", old.getvalue(), source="xlwt 1.3.0")
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    yield refused("ole.xlsx", "Nothing but the header of a compound file", "old .xls file, or protected", ole)
    binary = {"_rels/.rels": relations(OFFICE, ("officeDocument", "xl/workbook.bin")), "xl/workbook.bin": b"\x83\x01\x00"}
    yield refused("binary.xlsb", "A binary workbook", ".xlsb", binary)
    open_document = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<office:document-content/>"}
    yield refused("open-document.ods", "An OpenDocument spreadsheet", "OpenDocument", open_document)
    word = {
        "_rels/.rels": relations(OFFICE, ("officeDocument", "word/document.xml")),
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>',
    }
    yield refused("letter.docx.xlsx", "A Word document renamed", "not an XLSX workbook", word)


def sizes():
    blanks = parts("<sheetData/>" + ("<extLst/>" + " " * 9990) * 2500)
    yield refused("bomb.xlsx", "24 MiB of blanks in 24 KiB", "unpacks to far more", blanks)
    long = parts(f"<sheetData><row>{inline('长' * (1 << 19))}</row></sheetData>")
    yield refused("long-text.xlsx", "A text of 524,288 characters in one cell", "far longer than a cell", long)
    far = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 5001))
    yield refused("far-right.xlsx", "5,000 rows that reach the last column: 400 MB of blank cells", "too many bytes", parts(f"<sheetData>{far}</sheetData>"), TOO_LARGE)
    deep = parts("<sheetData/>" + "<extLst>" * 5000 + "</extLst>" * 5000)
    yield refused("deep.xlsx", "5,000 elements inside each other", "damaged XML", deep)


def xml():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    laughs = changed(SHEET, HEAD, f'<!DOCTYPE worksheet [<!ENTITY e0 "ha">{entities}]>')
    laughs[SHEET] = laughs[SHEET].replace("李雷", "&e9;")
    yield refused("entities.xlsx", "Entities that grow to gigabytes", "document type", laughs)
    yield refused("unknown-entity.xlsx", "An entity that nobody declared", "damaged XML", changed(SHEET, "李雷", "&name;"))
    yield refused("open-tag.xlsx", "An element that is never closed", "damaged XML", changed(SHEET, "</worksheet>", ""))
    utf16 = parts(plain(TABLE))
    utf16[SHEET] = b"\xff\xfe" + utf16[SHEET].encode("utf-16le")
    yield refused("utf16-xml.xlsx", "XML in UTF-16", "UTF-8", utf16)
    said = changed(SHEET, "UTF-8", "GB18030")
    said[SHEET] = said[SHEET].encode("gb18030")
    yield refused("gbk-xml-declared.xlsx", "XML in GB18030 that says so", "UTF-8", said)
    gbk = parts(plain(TABLE))
    gbk[SHEET] = gbk[SHEET].encode("gb18030")
    yield refused("gbk-xml.xlsx", "XML in GBK that says it is UTF-8", "UTF-8", gbk)


def contradictions():
    line = lambda n, cells: f'<row r="{n}">{cells}</row>'
    sheet = lambda inside: parts(f"<sheetData>{inside}</sheetData>")
    cell = lambda reference: f'<c r="{reference}"><v>1</v></c>'
    yield refused("rows-out-of-order.xlsx", "Row 2 before row 1", "out of order", sheet(line(2, cell("A2")) + line(1, cell("A1"))))
    yield refused("row-twice.xlsx", "Row 1 twice", "out of order", sheet(line(1, cell("A1")) * 2))
    yield refused("cell-twice.xlsx", "Cell A1 twice", "out of order", sheet(line(1, cell("A1") * 2)))
    yield refused("other-row.xlsx", "A cell that says it is in another row", "damaged", sheet(line(1, cell("A2"))))
    yield refused("beyond.xlsx", "Column XFE, which does not exist", "damaged", sheet(line(1, cell("XFE1"))))
    yield refused("no-such-string.xlsx", "A shared string that is not there", "damaged", sheet(line(1, '<c r="A1" t="s"><v>7</v></c>')))
    foreign = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    inside = f'<mc:AlternateContent {foreign}><mc:Choice Requires="x">{line(1, cell("A1"))}</mc:Choice></mc:AlternateContent>'
    yield refused("row-in-a-choice.xlsx", "A row that Excel may show and other readers not", "another program", sheet(inside))
    other = line(1, cell("A1")).replace("<", "<y:").replace("<y:/", "</y:").replace("y:row", 'y:row xmlns:y="urn:other"', 1)
    yield refused("row-of-another-namespace.xlsx", "A row that is none to Excel, by its namespace", "another program", sheet(other))
    yield refused("no-namespace.xlsx", "A worksheet without its namespace", "damaged", changed(SHEET, f' xmlns="{MAIN}"', ""))
    two = parts(plain(TABLE) + plain(TABLE[:1]))
    yield refused("two-tables.xlsx", "Two lists of rows in one worksheet", "another program", two)
    yield refused("no-rows.xlsx", "A worksheet without its list of rows", "damaged", parts(""))
    lost = parts(plain(TABLE))
    del lost[SHEET]
    yield refused("no-worksheet.xlsx", "The part of the worksheet is missing", "damaged", lost)
    empty = changed("xl/workbook.xml", '<sheet name="工资" sheetId="1" r:id="r1"/>', "")
    yield refused("no-worksheets.xlsx", "A workbook without worksheets", "no worksheet", empty)


def cases():
    for group in (containers, others, sizes, xml, contradictions):
        yield from group()
