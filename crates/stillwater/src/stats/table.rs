//! Bytes into a table of cells: how they are encoded, what divides the columns, and on which line of the file each row stands.

/// One row and its line in the file.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

/// A table as it stands in a file.
pub(super) struct Table {
    pub(super) headings: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// What a reader should know of how it was read.
    pub(super) notes: Vec<String>,
}

/// What may divide columns, and its name in the plural.
const DIVIDERS: [(char, &str); 4] = [(',', "commas"), (';', "semicolons"), ('\t', "tabs"), ('|', "upright bars")];

impl Table {
    /// Reads a table. The first line names the columns.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let (text, mut notes) = decoded(bytes)?;
        let (told, text, lines_before) = told_divider(&text);
        let divider = told.unwrap_or_else(|| divider(text));
        if let Some((_, name)) = DIVIDERS.iter().find(|(one, _)| *one == divider && divider != ',') {
            notes.push(format!("columns divided by {name}"));
        }
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .delimiter(u8::try_from(divider).unwrap_or(b','))
            .from_reader(text.as_bytes());
        let mut headings: Vec<String> =
            reader.headers().map_err(|error| format!(": {error}"))?.iter().map(str::to_owned).collect();
        if headings.iter().all(String::is_empty) {
            return Err(": there is no line of headings; the first line names the columns".to_owned());
        }
        if let Some(twice) = headings
            .iter()
            .enumerate()
            .find(|(n, h)| !h.is_empty() && headings.iter().take(*n).any(|other| other == *h))
        {
            return Err(format!(": two columns are called {:?}; give each its own name", twice.1));
        }
        // A spreadsheet leaves dividers behind columns that were emptied.
        let named = headings.iter().rposition(|heading| !heading.is_empty()).map_or(0, |last| last + 1);
        headings.truncate(named);
        let (mut rows, mut empty) = (Vec::new(), Vec::new());
        let mut place = Place { text: text.as_bytes(), at: 0, line: 1 };
        for record in reader.records() {
            let record = record.map_err(|error| format!(": {error}"))?;
            let line = lines_before + place.line_of(record.position().map_or(0, csv::Position::byte));
            let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if cells.iter().all(String::is_empty) {
                empty.push(line);
                continue;
            }
            if cells.len() < named || cells.iter().skip(named).any(|cell| !cell.is_empty()) {
                let hint = if divider == ',' && cells.len() > named {
                    "; a comma inside a cell, such as a decimal comma, needs quotation marks round the cell"
                } else {
                    ""
                };
                return Err(format!(", line {line}: {} cells where the headings are {named}{hint}", cells.len()));
            }
            cells.truncate(named);
            rows.push(Row { line, cells });
        }
        if !empty.is_empty() {
            notes.push(format!("{} without any value left out ({})", rows_of(empty.len()), lines(&empty)));
        }
        if rows.is_empty() {
            return Err(": there are headings and no rows".to_owned());
        }
        Ok(Self { headings, rows, notes })
    }
}

/// Counts lines as the rows come, the empty ones between them too.
struct Place<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Place<'_> {
    /// The line of the first byte from here on that is not the end of a line.
    fn line_of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        let blank = |byte: &&u8| matches!(byte, b'\n' | b'\r');
        let start = from + self.text.get(from..).unwrap_or_default().iter().take_while(blank).count();
        let passed = self.text.get(self.at..start).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = start.max(self.at);
        self.line
    }
}

/// A number of rows in words.
pub(super) fn rows_of(n: usize) -> String {
    if n == 1 { "1 row".to_owned() } else { format!("{n} rows") }
}

/// The first few of these lines, and whether there are more.
pub(super) fn lines(lines: &[u64]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = lines.iter().take(SHOWN).map(u64::to_string).collect();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let more = if lines.len() > SHOWN { " and more" } else { "" };
    format!("{word} {}{more}", shown.join(", "))
}

fn decoded(bytes: &[u8]) -> Result<(String, Vec<String>), String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16, name: &str| {
        let units = bytes.chunks(2).map(|pair| match pair {
            [first, second] => Some(unit([*first, *second])),
            _ => None,
        });
        let units: Vec<u16> =
            units.collect::<Option<_>>().ok_or_else(|| format!(": it begins as {name} and ends inside a character"))?;
        let text =
            String::from_utf16(&units).map_err(|_| format!(": it begins as {name} and holds what is no text"))?;
        Ok((text, vec![format!("read as {name}")]))
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => return wide(rest, u16::from_le_bytes, "UTF-16"),
        [0xFE, 0xFF, rest @ ..] => return wide(rest, u16::from_be_bytes, "UTF-16"),
        // Plain letters take two bytes each, of which one is zero.
        [first, 0, _, 0, ..] if *first != 0 => return wide(bytes, u16::from_le_bytes, "UTF-16"),
        [0, second, 0, _, ..] if *second != 0 => return wide(bytes, u16::from_be_bytes, "UTF-16"),
        _ => {}
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), Vec::new())),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
            Err(format!(", line {line}: a letter is not written in UTF-8; save the file as UTF-8 or UTF-16"))
        }
    }
}

/// The divider that a first line such as `sep=;` names, the text after that line, and how many lines went before it.
fn told_divider(text: &str) -> (Option<char>, &str, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first.trim_matches(['\r', '"']).strip_prefix("sep=").map(|named| named.chars().collect::<Vec<_>>()).as_deref()
    {
        Some([named]) if named.is_ascii() => (Some(*named), rest, 1),
        _ => (None, text, 0),
    }
}

/// How often a sign stands in a line outside quotation marks.
fn outside_quotes(line: &str, sign: char) -> usize {
    let mut quoted = false;
    line.chars()
        .filter(|here| {
            quoted ^= *here == '"';
            !quoted && *here == sign
        })
        .count()
}

/// What divides the columns: the sign that stands in the line of headings and as often in the lines under it; of several, the one
/// that stands there most often.
fn divider(text: &str) -> char {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let headings = lines.next().unwrap_or_default();
    let below: Vec<&str> = lines.take(20).collect();
    DIVIDERS
        .iter()
        .map(|(sign, _)| {
            let wanted = outside_quotes(headings, *sign);
            let agree = below.iter().filter(|line| outside_quotes(line, *sign) == wanted).count();
            (wanted > 0 && 2 * agree >= below.len(), wanted, *sign)
        })
        .filter(|(_, wanted, _)| *wanted > 0)
        .max_by_key(|(steady, wanted, _)| (*steady, *wanted))
        .map_or(',', |(_, _, sign)| sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let table = Table::read(text.as_bytes()).unwrap();
        std::iter::once(table.headings).chain(table.rows.into_iter().map(|row| row.cells)).collect()
    }

    #[test]
    fn semicolons_tabs_and_bars_divide_as_commas_do() {
        let plain = cells("a,b\n1,2\n3,4\n");
        for divider in [";", "\t", "|"] {
            assert_eq!(cells(&"a,b\n1,2\n3,4\n".replace(',', divider)), plain, "{divider:?}");
        }
        assert_eq!(cells("a;b\n1,5;2,5\n"), [["a", "b"], ["1,5", "2,5"]]);
        assert_eq!(cells("sep=;\na;b\n1;2\n"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("\"dose, mg\";b\n1;2\n"), [["dose, mg", "b"], ["1", "2"]]);
    }

    #[test]
    fn utf_16_of_either_order_reads_as_utf_8_does() {
        let text = "größe,b\n1,2\n";
        let plain = cells(text);
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [[vec![0xFF, 0xFE], little.clone()].concat(), [vec![0xFE, 0xFF], big].concat(), little] {
            let table = Table::read(&bytes).unwrap();
            assert_eq!(table.headings, plain[0]);
            assert!(table.notes.iter().any(|note| note.contains("UTF-16")));
        }
        let (Err(broken), Err(odd)) = (Table::read(b"a,b\n1,\xE9\n"), Table::read(&[0xFF, 0xFE, 97])) else {
            panic!("what is no text was read")
        };
        assert!(broken.contains("line 2") && odd.contains("ends inside"), "{broken} {odd}");
    }

    #[test]
    fn a_row_knows_its_line_past_empty_rows_and_a_line_that_names_the_divider() {
        let table = Table::read(b"sep=,\na,b,,\n1,2,,\n,,,\n\n3,4,,\n").unwrap();
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 6]);
        assert_eq!(table.headings, ["a", "b"]);
        assert!(table.notes.iter().any(|note| note.contains("1 row without any value left out (line 4)")));
    }
}
