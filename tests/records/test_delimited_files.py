"""Delimited files as they come: encodings, separators, line ends, quotes and rows of the wrong length."""

import gzip
import io
import os
import resource
import threading
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import MappingError, UnreadableFileError
from app.domain.records import RECORD_SCHEMA, UNREADABLE
from app.records.delimited import NEVER_CLOSED, Dialect, parse_lines, parse_plain
from app.records.limits import MAX_LINE_CHARACTERS
from app.records.lines import split_lines
from app.records.source import Source, open_records


def opened(content: bytes | str, name: str = "goods.csv", **options: object) -> Source:
    octets = content.encode() if isinstance(content, str) else content
    return open_records(io.BytesIO(octets), name=name, **options)  # type: ignore[arg-type]


def records_of(source: Source, rows: int = 16_384) -> pa.Table:
    return pa.concat_tables([RECORD_SCHEMA.empty_table(), *(batch.records for batch in source.batches(rows))])


def cells_of(source: Source, rows: int = 16_384) -> list[list[str]]:
    tables = [batch.rows for batch in source.batches(rows)]
    return [
        list(row) for table in tables for row in zip(*(column.to_pylist() for column in table.columns), strict=True)
    ]


def descriptions(content: bytes | str, **options: object) -> list[str | None]:
    found: list[str | None] = records_of(opened(content, **options))["description"].to_pylist()
    return found


def reasons(source: Source) -> list[str | None]:
    found: list[str | None] = records_of(source)[UNREADABLE].to_pylist()
    return found


TEXTS = {
    "utf-8": ("Désignation commerciale", "anhydride acétique, 無水酢酸, уксусный ангидрид"),
    "utf-8-sig": ("Désignation commerciale", "anhydride acétique, 無水酢酸"),
    "utf-16": ("Warenbezeichnung", "Essigsäureanhydrid, уксусный ангидрид"),
    "utf-16-le": ("Warenbezeichnung", "Essigsäureanhydrid, уксусный ангидрид"),
    "utf-16-be": ("Warenbezeichnung", "Essigsäureanhydrid, 無水酢酸"),
    "cp1252": ("Désignation commerciale", "anhydride acétique, péroxyde d'hydrogène, Ölsäure"),
    "cp1251": ("Наименование товара", "уксусный ангидрид, соляная кислота"),
    "cp1254": ("Eşya tanımı", "asetik anhidrit çözeltisi, sülfürik asit ığdır şişe"),
    "shift_jis": ("商品名", "無水酢酸、アセトン、過マンガン酸カリウム"),
    "gb18030": ("商品名称", "乙酸酐，高锰酸钾，盐酸麻黄碱"),
}


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end_is_read_without_options(encoding: str, delimiter: str, end: str) -> None:
    header, goods = TEXTS[encoding]
    lines = [delimiter.join(("id", header, "HS code"))]
    lines += [delimiter.join((str(number), f'"{goods} {number}"', "2915.24")) for number in range(1, 13)]
    source = opened((end.join(lines) + end).encode(encoding))
    assert source.recognised.fields == {"record_id": "id", "description": header, "hs_code": "HS code"}
    assert source.recognised.delimiter == delimiter
    assert source.recognised.header_row == 1
    records = records_of(source)
    assert records["description"].to_pylist() == [f"{goods} {number}" for number in range(1, 13)]
    assert records[UNREADABLE].null_count == 12


def test_the_first_accent_of_a_large_file_is_found_at_its_very_end() -> None:
    lines = ["id;description", *(f"{number};MACHINE PARTS {number}" for number in range(60_000))]
    content = "\n".join([*lines, "60000;anhydride acétique, fûts", "60001;éther éthylique, entrepôt"]).encode("cp1252")
    source = opened(content)
    assert source.recognised.encoding == "cp1252"
    assert records_of(source)["description"].to_pylist()[-1] == "éther éthylique, entrepôt"


def test_a_row_with_undecodable_bytes_is_kept_and_marked_and_its_neighbours_are_whole() -> None:
    good = "id,description\n" + "".join(f"{number},acétone {number}\n" for number in range(50))
    content = good.encode() + b"50,ac\xe9tone \xff\n" + "51,éther\n".encode()
    source = opened(content)
    assert source.recognised.encoding == "utf-8"
    records = records_of(source)
    assert records.num_rows == 52
    assert records["description"].to_pylist()[50:] == ["ac\ufffdtone \ufffd", "éther"]
    assert [row for row, why in enumerate(reasons(source)) if why] == [50]


def test_title_rows_above_the_header_are_left_out_and_told() -> None:
    source = opened("Export register 2025\nPort of Chennai,,\n\nSB No,Item Desc,RITC\n7,ACETONE,29141100\n")
    assert source.recognised.header_row == 4
    assert cells_of(source) == [["7", "ACETONE", "29141100"]]
    assert "2 lines above the header left out" in source.recognised.notes


def test_a_file_without_header_has_numbered_columns_and_loses_no_record() -> None:
    source = opened("1,ACETIC ANHYDRIDE 200 DRUMS,2915.24\n2,STEEL PIPES,7304.11\n3,COTTON SHIRTS,6105.10\n")
    assert source.recognised.header_row is None
    assert source.recognised.columns == ("column_1", "column_2", "column_3")
    assert [record.as_py() for record in records_of(source)["description"]] == [
        "ACETIC ANHYDRIDE 200 DRUMS",
        "STEEL PIPES",
        "COTTON SHIRTS",
    ]


@pytest.mark.parametrize(
    "header", ["description", "Goods Description", "name", "Substance", "品名", "Warenbezeichnung"]
)
def test_a_single_column_of_names_keeps_the_commas_inside_them(header: str) -> None:
    names = [
        "1,2-dichloroethane",
        "acetone",
        "3,4-(methylenedioxy)phenyl-2-propanone",
        "2-propanone, technical",
        "toluene",
    ]
    assert descriptions(header + "\n" + "\n".join(names) + "\n") == names


def test_the_first_name_of_a_list_without_header_is_not_lost() -> None:
    assert descriptions("acetic anhydride\nacetone\ntoluene\n") == ["acetic anhydride", "acetone", "toluene"]


def test_a_mapping_marks_its_own_header_row_and_overrides_what_was_recognised() -> None:
    content = "zorp\nacetone\ntoluene\n"
    assert descriptions(content, mapping={"description": "ZORP"}) == ["acetone", "toluene"]
    both = "description,remark\nnothing,acetone\n"
    source = opened(both, mapping={"description": "remark"})
    assert source.recognised.fields["description"] == "remark"
    assert records_of(source)["description"].to_pylist() == ["acetone"]


def test_an_unknown_field_or_header_in_a_mapping_is_answered_with_those_there_are() -> None:
    with pytest.raises(MappingError, match=r"no field is called 'goods'.*description"):
        opened("id,description\n1,a\n", mapping={"goods": "id"})
    with pytest.raises(MappingError, match=r"no column is called 'Ware'.*id, description"):
        opened("id,description\n1,a\n", mapping={"description": "Ware"})


def test_quoted_newlines_stay_in_their_cell() -> None:
    content = 'id,description\r\n1,"ACETIC\r\nANHYDRIDE"\r\n2,"say ""hi"""\r\n'
    assert descriptions(content) == ["ACETIC\r\nANHYDRIDE", 'say "hi"']


def test_backslash_quotes_are_read_where_a_file_writes_them() -> None:
    content = 'id,description\n1,"drum 55\\" steel, new"\n2,"ACETONE, \\"AR\\" grade"\n3,plain\n'
    assert descriptions(content) == ['drum 55" steel, new', 'ACETONE, "AR" grade', "plain"]


def test_blanks_before_a_quote_do_not_break_the_cell() -> None:
    assert descriptions('"id", "description"\n1, "Hi, acetone"\n2, "toluene"\n') == ["Hi, acetone", "toluene"]


def test_a_quote_that_is_never_closed_costs_one_row_and_not_the_rest_of_the_file() -> None:
    lines = [f"{number},GOODS {number},{number}\n" for number in range(5_000)]
    lines[3] = '3,"ACETONE 5 L DRUM,3\n'
    source = opened("id,description,quantity\n" + "".join(lines))
    records = records_of(source)
    assert records.num_rows == 5_000
    assert records["description"].to_pylist()[2:5] == ["GOODS 2", "ACETONE 5 L DRUM", "GOODS 4"]
    assert reasons(source)[3] == NEVER_CLOSED
    assert sum(why is not None for why in reasons(source)) == 1


def test_a_stray_quote_does_not_swallow_the_row_after_it() -> None:
    source = opened('id,description,unit\n1,"DRUM,kg\n2,"ACETONE, AR",kg\n3,TOLUENE,kg\n')
    assert [row[0] for row in cells_of(source)] == ["1", "2", "3"]
    assert [bool(why) for why in reasons(source)] == [True, False, False]


def test_a_short_row_is_read_as_far_as_it_goes() -> None:
    source = opened("id,description,hs_code,quantity,notes\n1,ACETONE,2914.11\n2\n3,TOLUENE,2902.30,5,x\n")
    assert cells_of(source)[0] == ["1", "ACETONE", "2914.11", "", ""]
    assert reasons(source) == [None, "row has 1 cells, header has 5: description, hs_code missing", None]


def test_a_long_row_is_marked_and_nothing_of_it_is_lost() -> None:
    source = opened("id,description,hs_code\n1,ACETONE,2914.11\n2,ETHER, DIETHYL,2909.11\n3,TOLUENE,2902.30\n")
    assert cells_of(source)[1] == ["2", "ETHER", " DIETHYL,2909.11"]
    assert reasons(source) == [None, "row has 4 cells, header has 3", None]
    assert records_of(source)["description"].to_pylist()[1] == "ETHER, DIETHYL"


def test_a_delimiter_after_the_last_cell_of_every_row_is_no_surplus() -> None:
    source = opened("id,description\n1,ACETONE,\n2,TOLUENE,\n3,ETHER,\n")
    assert reasons(source) == [None, None, None]


def test_blank_lines_are_no_records_but_rows_of_empty_cells_are() -> None:
    assert cells_of(opened("id,description\n\n1,ACETONE\n\n,\n2,TOLUENE\n\n")) == [
        ["1", "ACETONE"],
        ["", ""],
        ["2", "TOLUENE"],
    ]


def test_nul_bytes_are_text_like_any_other() -> None:
    assert descriptions(b"id|description\n1|ACE\x00TONE\n2|TOLUENE\n") == ["ACE\x00TONE", "TOLUENE"]


def test_duplicate_and_empty_headers_are_unique_inside_and_as_they_were_outside() -> None:
    recognised = opened("id,note,note,,description\n1,a,b,c,ACETONE\n").recognised
    assert recognised.columns == ("id", "note", "note_2", "column_4", "description")
    assert recognised.headers == ("id", "note", "note", "", "description")


def test_a_separator_line_of_excel_is_obeyed() -> None:
    assert cells_of(opened("sep=;\nid;description\n1;ACETONE, AR\n")) == [["1", "ACETONE, AR"]]


def test_an_over_long_line_is_cut_and_marked() -> None:
    content = "id,description\n1,ACETONE\n2," + "x" * (MAX_LINE_CHARACTERS + 3_000_000) + "\n3,TOLUENE\n"
    source = opened(content)
    assert [row[0] for row in cells_of(source)] == ["1", "2", "3"]
    assert [bool(why) for why in reasons(source)] == [False, True, False]


def test_gzip_is_unpacked_and_damaged_gzip_is_told() -> None:
    packed = gzip.compress(b"id,description\n" + b"".join(b"%d,ACETONE %d\n" % (n, n * 7919) for n in range(9_000)))
    assert records_of(opened(packed, "goods.csv.gz")).num_rows == 9_000
    with pytest.raises(UnreadableFileError, match="gzip packing is damaged"):
        opened(packed[: len(packed) // 2], "goods.csv.gz")


def test_a_pipe_is_read_as_a_file_is(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    content = "Désignation;Quantité\n" + "acide acétique;5\n" * 9_000

    def feed() -> None:
        with os.fdopen(writing, "wb") as sink:
            sink.write(content.encode("cp1252"))

    feeder = threading.Thread(target=feed)
    feeder.start()
    with os.fdopen(reading, "rb") as pipe:
        source = open_records(pipe, name="-")
        feeder.join()
        assert records_of(source)["description"].to_pylist() == ["acide acétique"] * 9_000


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n\n", "nothing in it"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\r\n<!DOCTYPE html><html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b'[{"a": 1}, {"a": 2}]', "NDJSON"),
        (bytes(range(1, 32)) * 50, "not a text file"),
        (b"," * 60_000 + b"\n1\n", "60001 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        opened(content, "upload.csv")


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no such file"):
        open_records(tmp_path / "nothing.csv", name="nothing.csv")
    with pytest.raises(UnreadableFileError, match="folder"):
        open_records(tmp_path, name="folder")


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("id,description,hs_code,quantity,unit,exporter\n")
        for number in range(200_000):
            file.write(
                f'{number},"200 DRUMS OF GOODS NUMBER {number}, IN STEEL",2915.24,{number},KG,EXPORTER {number}\n'
            )
    source = open_records(path, name="large.csv")
    batches = source.batches(8_192)
    assert next(batches).first_row == 1
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert 8_192 + sum(batch.rows.num_rows for batch in batches) == 200_000
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 64 * 1024


ODD = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
CELLS = st.one_of(ODD, st.text("\",;\t\n\r ab|\\'", max_size=8))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12), st.sampled_from([",", ";", "\t", "|"])
)
def test_whatever_is_written_by_the_book_is_read_back_cell_by_cell(rows: list[list[str]], delimiter: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    head = delimiter.join(("id", "description", "hs_code"))
    # Enough plain rows for the dialect to be certain; what is under test is the cells.
    plain = [delimiter.join((str(n), "ACETONE", "2914.11")) for n in range(30)]
    content = "\r\n".join([head, *plain, *(delimiter.join(map(quoted, row)) for row in rows)]) + "\r\n"
    assert cells_of(opened(content), rows=7)[30:] == rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["", " ", "acetone", "MEK"]), min_size=3, max_size=3), max_size=6))
def test_goods_that_several_columns_describe_are_joined_row_by_row(rows: list[list[str]]) -> None:
    head = "record_id,PRODUCT_DESC_VN,PRODUCT_DESC_EN,BRAND_MODEL"
    content = "\n".join([head, *(",".join((str(number), *row)) for number, row in enumerate(rows))]) + "\n"
    expected = [" | ".join(dict.fromkeys(cell for cell in row if cell.strip())) or None for row in rows]
    assert descriptions(content) == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text('ab",\n\r é', max_size=14), max_size=8))
def test_the_fast_parser_reads_what_the_patient_one_reads_or_leaves_it_alone(lines: list[str]) -> None:
    text = "".join(line + "\n" for line in lines)
    fast = parse_plain(text, Dialect(","), ["one", "two"])
    if fast is not None:
        patient = parse_lines(split_lines(text), Dialect(","), 2, final=True)
        assert not patient.faults
        assert [list(row.values()) for row in fast.to_pylist()] == [row for row in patient.rows if row]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text('ab",\\\n\r', max_size=20), max_size=30), st.integers(1, 40))
def test_no_line_is_lost_whatever_the_quotes_and_blocks(lines: list[str], at: int) -> None:
    every = split_lines("".join(line + "\n" for line in lines))
    whole = parse_lines(every, Dialect(","), 2, final=True)
    first = parse_lines(every[:at], Dialect(","), 2, final=False)
    rest = parse_lines([*first.carry, *every[at:]], Dialect(","), 2, final=True)
    if len(every) > at:
        assert [*first.rows, *rest.rows] == whole.rows
    assert whole.lines is None or whole.lines == sorted(set(whole.lines))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_rows_or_in_a_clear_refusal(content: bytes) -> None:
    try:
        source = opened(content)
    except UnreadableFileError:
        return
    for batch in source.batches():
        assert batch.rows.num_rows == batch.records.num_rows
        assert batch.records.schema == RECORD_SCHEMA
