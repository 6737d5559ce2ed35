"""Texts: encodings, separators, line ends, and what goes wrong in cells."""

from table import HEADER, PAYEES, TABLE, bad, good, openid, payee, row, rows

BOM = b"\xef\xbb\xbf"


def text(table, separator=",", end="\r\n"):
    """A table as text; quoted only where it has to be."""

    def cell(value):
        special = separator in value or '"' in value or "\n" in value or "\r" in value
        return '"' + value.replace('"', '""') + '"' if special else value

    return "".join(separator.join(map(cell, line)) + end for line in table)


def case(file, comment, written, cells, encoding="utf-8", separator=",", bom=b"", **more):
    content = bom + (written if isinstance(written, bytes) else written.encode(encoding))
    confident = more.pop("confident", True)
    facts = {"format": "csv", "encoding": encoding, "separator": separator}
    return good(file, comment, "by hand", content, cells, **facts, **({} if confident else {"confident": False}), **more)


def encodings():
    yield case("same-utf8.csv", "The table as Excel's \"CSV UTF-8\"", text(TABLE), rows(TABLE), bom=BOM)
    yield case("same-gbk.csv", "The same as Excel's \"CSV\" on a Chinese Windows", text(TABLE), rows(TABLE), "gb18030")
    utf16 = b"\xff\xfe" + text(TABLE, "\t").encode("utf-16le")
    yield case("same-utf16.txt", "The same as Excel's \"Unicode text\"", utf16, rows(TABLE), "utf-16le", "\t")
    yield case("utf8-lf.csv", "UTF-8 without a byte order mark, LF", text(TABLE, end="\n"), rows(TABLE))
    yield case("utf16be.csv", "UTF-16, big-endian, comma", b"\xfe\xff" + text(TABLE).encode("utf-16be"), rows(TABLE), "utf-16be")
    yield case("utf16le-comma.csv", "UTF-16, little-endian, comma", b"\xff\xfe" + text(TABLE).encode("utf-16le"), rows(TABLE), "utf-16le")
    rare = [HEADER, payee(1, "𠮷田"), payee(2, "㐂子"), payee(3, "李䶮")]
    yield case("gb18030-four-bytes.csv", "Names outside of GBK: four bytes each in GB18030", text(rare), rows(rare), "gb18030")
    yield case("utf8-rare.csv", "The same names in UTF-8", text(rare), rows(rare))
    short = [["openid", "name"], ["o1", "卢"], ["o2", "陆"]]
    yield case("gbk-valid-utf8.csv", "GBK that is valid UTF-8 as well: the choice is doubtful", text(short), rows(short), "gb18030", confident=False)
    written = text(TABLE[:3])[:-2]
    cut = [*TABLE[:2], [*TABLE[2][:4], "九月工\ufffd"]]
    yield case("utf8-cut.csv", "Cut within a character", written.encode()[:-1], rows(cut))
    yield case("gbk-cut.csv", "The same in GBK", written.encode("gb18030")[:-1], rows(cut), "gb18030")
    yield case("utf16-odd.txt", "UTF-16 with an odd number of bytes", b"\xff\xfe" + text(TABLE[:2], "\t").encode("utf-16le")[:-3], rows(TABLE[:2]), "utf-16le", "\t")
    big5 = "姓名,金額\r\n陳怡君,100\r\n".encode("big5")
    seen = [line.split(",") for line in big5.decode("gb18030").split("\r\n")]
    yield case("big5.csv", "Neither UTF-8 nor GB18030: the choice is doubtful", big5, rows(seen), "gb18030", confident=False)


def structure():
    yield case("semicolon.csv", "Separated by semicolons", text(TABLE, ";"), rows(TABLE), separator=";")
    yield case("tab.tsv", "Separated by tabs", text(TABLE, "\t"), rows(TABLE), separator="\t")
    quoted = [HEADER, payee(1, '李"小"雷', remark="工资,九月"), payee(2, remark="第一行\n第二行"), payee(3, remark='"')]
    yield case("quotes.csv", "Separators, quotes and line ends within quotes", text(quoted), rows(quoted))
    semicolons = [HEADER, payee(1, remark="工资;奖金;补贴"), payee(2, remark="a;b;c;d")]
    yield case("comma-with-semicolons.csv", "More semicolons than commas, in remarks", text(semicolons), rows(semicolons))
    yield case("cr.csv", "Lines end with CR alone", text(TABLE, end="\r"), rows(TABLE))
    mixed = "".join(text([line], end=end) for line, end in zip(TABLE, ["\r\n", "\n", "\r", ""]))
    yield case("mixed-ends.csv", "CRLF, LF and CR in one file, none at the end", mixed, rows(TABLE))
    spaced = [HEADER, [""], payee(1), [""], ["", "", "", "", ""], payee(2), [""]]
    yield case("blank-lines.csv", "Blank lines count: rows keep the numbers that Excel shows", text(spaced), rows(spaced))
    ragged = [HEADER, payee(1)[:4], [*payee(2), "", "多余"], payee(3)[:1]]
    yield case("ragged.csv", "Rows that are too short and too long", text(ragged), rows(ragged))
    trailing = [[*line, "", "", ""] for line in TABLE]
    yield case("trailing-commas.csv", "Blank columns at the right, as Excel saves them", text(trailing), rows(trailing))
    yield case("header-only.csv", "A header and nothing below it", text([HEADER]), rows([HEADER]))
    hint = "sep=;\r\n" + text(TABLE, ";")
    yield case("sep-line.csv", "A first line that tells Excel the separator", hint, rows(TABLE, 2), separator=";")
    bare = text([HEADER]) + 'D2026000001,oPayseal,李"雷,1.00,a"b"\r\n'
    yield case("quote-inside.csv", "Quotes within cells that are not quoted", bare, rows([HEADER, ["D2026000001", "oPayseal", '李"雷', "1.00", 'a"b"']]))
    opened = text([HEADER]) + 'D2026000001,oPayseal,李雷,1.00,"九月\r\nD2026000002,oPayseal,韩梅梅,1.00,工资\r\n'
    last = ["D2026000001", "oPayseal", "李雷", "1.00", "九月\r\nD2026000002,oPayseal,韩梅梅,1.00,工资\r\n"]
    yield case("quote-never-closed.csv", "A quote that is never closed swallows the rows below it", opened, rows([HEADER, last]))
    titled = [["九月工资发放表"], [""], HEADER, payee(1)]
    yield case("title-above.csv", "A title above the header", text(titled), rows(titled))


def amounts_and_ids():
    def table(comment, file, lines, header=HEADER):
        return case(file, comment, text([header, *lines]), rows([header, *lines]))

    yield table("Ids that Excel turned into numbers with an exponent", "e-notation.csv", [["1.10101E+17", *payee(1)[1:]], ["2.02611E+11", *payee(2)[1:]]])
    yield table("18-digit ids of which 15 digits are left", "cut-at-15-digits.csv", [["202611010000001000", *payee(1)[1:]], ["202611010000002000", *payee(2)[1:]]])
    yield table("Leading zeros lost in one of the ids", "lost-zeros.csv", [["000123", *payee(1)[1:]], ["124", *payee(2)[1:]], ["000125", *payee(3)[1:]]])
    yield table("Full-width digits, point, comma and brackets", "full-width.csv", [payee(1, amount="１２．５０"), payee(2, amount="１，２００"), payee(3, "李雷（小）")], ["商户明细单号", "ｏｐｅｎｉｄ", "姓名", "金额（元）", "备注"])
    yield table("No-break, ideographic and plain blanks around and inside", "blanks.csv", [payee(1, "\u00a0李雷"), payee(2, "韩梅梅\u3000"), payee(3, "李 雷", " 1.00 "), [" D4", "\toPayseal4", "李雷", "1.00", "工资 "]])
    yield table("Zero-width characters, a byte order mark and direction marks inside cells", "zero-width.csv", [payee(1, "李\u200b雷"), payee(2, "\ufeff韩梅梅"), payee(3, "\u202e李雷"), [payee(4)[0], openid(4) + "\u200d", *payee(4)[2:]]])
    yield table("Thousands separators, currency signs and units in amounts", "money-signs.csv", [payee(1, amount="1,234.50"), payee(2, amount="￥12.50"), payee(3, amount="12元"), payee(4, amount="¥1")])
    yield table("Too many decimals, signs, zero, nothing", "decimals.csv", [payee(1, amount="1.234"), payee(2, amount="-1"), payee(3, amount="0"), payee(4, amount=""), payee(5, amount="+1.00"), payee(6, amount=".5"), payee(7, amount="1.")])
    yield table("What Excel would compute: written back, it must be text", "formula-injection.csv", [payee(1, remark='=HYPERLINK("http://example.com","x")'), payee(2, remark="+1+1"), payee(3, remark="-1+1"), payee(4, remark="@SUM(1)"), payee(5, remark="\t=1"), payee(6, "=cmd")])
    yield table("One payee twice, one number twice, one row twice", "duplicates.csv", [payee(1), payee(1), [payee(2)[0], *payee(3)[1:]], payee(2)])
    yield table("Names of columns in English", "english.csv", PAYEES, ["out_detail_no", "openid", "user_name", "Amount (yuan)", "transfer_remark"])
    yield table("Amounts in fen, and said so", "fen.csv", [payee(1, amount="1250"), payee(2, amount="30")], ["商户明细单号", "openid", "姓名", "金额(分)", "备注"])
    yield table("The unit is not said", "no-unit.csv", PAYEES, ["商户明细单号", "openid", "姓名", "金额", "备注"])
    yield table("A column is missing", "no-openid.csv", [[line[0], *line[2:]] for line in PAYEES], [HEADER[0], *HEADER[2:]])
    yield table("A column is there twice", "openid-twice.csv", [[*line, line[1]] for line in PAYEES], [*HEADER, "openid"])
    yield table("NUL within a cell", "nul.csv", [payee(1, "李\0雷"), payee(2, remark="\0")])


def not_texts():
    picture = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360000000000500010d0a2db40000000049454e44ae426082".replace(" ", ""))
    yield bad("picture.csv", "A PNG renamed to .csv", "by hand", picture)
    yield bad("picture.xlsx", "A PNG renamed to .xlsx", "by hand", picture)
    yield bad("empty.csv", "Nothing at all", "by hand", b"")
    yield bad("only-bom.csv", "A byte order mark and nothing else", "by hand", BOM)
    yield bad("only-blank-lines.csv", "Blank lines only", "by hand", b"\r\n\r\n,,\r\n")
    yield bad("document.pdf.csv", "A PDF renamed to .csv", "by hand", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n")
    html = "<html><table><tr><td>姓名</td><td>金额</td></tr></table></html>"
    yield bad("web-page.xls", "A web page that was named .xls, as many systems export", "by hand", html.encode())


def cases():
    for group in (encodings, structure, amounts_and_ids, not_texts):
        yield from group()
