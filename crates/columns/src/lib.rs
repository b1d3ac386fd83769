//! Parquet files, written row by row: typed columns, every one optional. What a column means, its caller knows.
//!
//! Rows are gathered into groups of a fixed size and written as they fill, so that memory does not grow with the file.
//! Nothing is compressed beyond the dictionaries of the format itself: that needs no further library, and codes repeat.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

pub use parquet::errors::ParquetError;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// A whole number of 64 bits.
    Whole,
    /// A floating-point number of 64 bits.
    Real,
    /// True or false.
    Truth,
}

/// One cell of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'v> {
    /// Nothing is there.
    Absent,
    /// UTF-8 text.
    Text(&'v str),
    /// A whole number.
    Whole(i64),
    /// A floating-point number.
    Real(f64),
    /// True or false.
    Truth(bool),
}

/// Rows of a group. What Parquet keeps of each group until the file is closed is all that grows with the set, so groups
/// are large; 65,536 rows of the widest table take some 8 MB here.
const GROUP: usize = 1 << 16;

/// The cells of one column that wait for their group. A text is kept once, since codes and ids repeat.
enum Waiting {
    Text { places: HashMap<String, usize>, texts: Vec<ByteArray>, cells: Vec<Option<usize>> },
    Whole(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Truth(Vec<Option<bool>>),
}

/// A file that is being written.
pub struct ParquetFile {
    writer: SerializedFileWriter<File>,
    columns: Vec<Waiting>,
    rows: usize,
}

fn schema(name: &str, columns: &[(&str, ColumnType)]) -> Result<TypePtr, ParquetError> {
    let field = |(column, of): &(&str, ColumnType)| {
        let (physical, logical) = match of {
            ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            ColumnType::Whole => (Physical::INT64, None),
            ColumnType::Real => (Physical::DOUBLE, None),
            ColumnType::Truth => (Physical::BOOLEAN, None),
        };
        Type::primitive_type_builder(column, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let fields: Result<Vec<TypePtr>, ParquetError> = columns.iter().map(field).collect();
    Ok(Arc::new(Type::group_type_builder(name).with_fields(fields?).build()?))
}

impl ParquetFile {
    /// Begins a file under the name of its table, with columns by name and type.
    ///
    /// # Errors
    /// What the disk or the format refuses.
    pub fn new(file: File, name: &str, columns: &[(&str, ColumnType)]) -> Result<Self, ParquetError> {
        let properties = WriterProperties::builder()
            .set_created_by("stillwater".to_owned())
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .build();
        let writer = SerializedFileWriter::new(file, schema(name, columns)?, Arc::new(properties))?;
        Ok(Self { writer, columns: columns.iter().map(|(_, of)| Waiting::new(*of)).collect(), rows: 0 })
    }

    /// Takes one row: a cell for each column, each absent or of its column's type.
    ///
    /// # Errors
    /// A row that does not fit the columns, and what the disk refuses.
    pub fn row<'v>(&mut self, cells: impl ExactSizeIterator<Item = Value<'v>>) -> Result<(), ParquetError> {
        if cells.len() != self.columns.len() {
            return Err(ParquetError::General(format!("{} cells for {} columns", cells.len(), self.columns.len())));
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.take(cell)?;
        }
        self.rows += 1;
        if self.rows >= GROUP { self.group() } else { Ok(()) }
    }

    /// Writes what waits and closes the file; when this returns, it is on the disk.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn end(mut self) -> Result<(), ParquetError> {
        self.group()?;
        self.writer.finish()?;
        self.writer.inner().sync_all()?;
        Ok(())
    }

    /// Writes the rows gathered so far as one group.
    fn group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else {
                return Err(ParquetError::General("a row has more columns than the file".to_owned()));
            };
            column.write(&mut writer)?;
            writer.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Waiting {
    fn new(of: ColumnType) -> Self {
        match of {
            ColumnType::Text => Self::Text { places: HashMap::new(), texts: Vec::new(), cells: Vec::new() },
            ColumnType::Whole => Self::Whole(Vec::new()),
            ColumnType::Real => Self::Real(Vec::new()),
            ColumnType::Truth => Self::Truth(Vec::new()),
        }
    }

    fn take(&mut self, cell: Value<'_>) -> Result<(), ParquetError> {
        match (self, cell) {
            (Self::Text { cells, .. }, Value::Absent) => cells.push(None),
            (Self::Text { places, texts, cells }, Value::Text(text)) => {
                let place = match places.get(text) {
                    Some(place) => *place,
                    None => {
                        texts.push(ByteArray::from(text));
                        places.insert(text.to_owned(), texts.len() - 1);
                        texts.len() - 1
                    }
                };
                cells.push(Some(place));
            }
            (Self::Whole(cells), Value::Absent) => cells.push(None),
            (Self::Whole(cells), Value::Whole(value)) => cells.push(Some(value)),
            (Self::Real(cells), Value::Absent) => cells.push(None),
            (Self::Real(cells), Value::Real(value)) => cells.push(Some(value)),
            (Self::Truth(cells), Value::Absent) => cells.push(None),
            (Self::Truth(cells), Value::Truth(value)) => cells.push(Some(value)),
            (_, other) => return Err(ParquetError::General(format!("{other:?} in a column of another type"))),
        }
        Ok(())
    }

    /// Writes what waits, and waits for the next group.
    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        match self {
            Self::Text { places, texts, cells } => {
                let text = |place: usize| texts.get(place).cloned();
                write::<ByteArrayType>(writer, cells.drain(..).map(|cell| cell.and_then(text)))?;
                places.clear();
                texts.clear();
                Ok(())
            }
            Self::Whole(cells) => write::<Int64Type>(writer, cells.drain(..)),
            Self::Real(cells) => write::<DoubleType>(writer, cells.drain(..)),
            Self::Truth(cells) => write::<BoolType>(writer, cells.drain(..)),
        }
    }
}

/// Writes one column: the values that are there, and for each row whether there is one.
fn write<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut there) = (Vec::new(), Vec::new());
    for cell in cells {
        there.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    writer.typed::<T>().write_batch(&values, Some(&there), None)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::*;

    fn create(name: &str, columns: &[(&str, ColumnType)]) -> (std::path::PathBuf, ParquetFile) {
        let path = std::env::temp_dir().join(format!("stillwater-{name}-{}.parquet", std::process::id()));
        let file = ParquetFile::new(File::create(&path).unwrap(), name, columns).unwrap();
        (path, file)
    }

    const COLUMNS: [(&str, ColumnType); 5] = [
        ("id", ColumnType::Text),
        ("number", ColumnType::Whole),
        ("day", ColumnType::Real),
        ("held", ColumnType::Truth),
        ("note", ColumnType::Text),
    ];

    #[test]
    fn rows_come_back_in_order_from_more_than_one_group() {
        let (path, mut file) = create("groups", &COLUMNS);
        let rows = GROUP * 2 + 5;
        let id = |at: usize| format!("p{}", at / 7);
        let day = |at: usize| if at.is_multiple_of(3) { Value::Absent } else { Value::Real(at as f64 / 8.0) };
        for at in 0..rows {
            let (id, number) = (id(at), i64::try_from(at).unwrap());
            let cells =
                [Value::Text(&id), Value::Whole(number), day(at), Value::Truth(at.is_multiple_of(2)), Value::Absent];
            file.row(cells.into_iter()).unwrap();
        }
        file.end().unwrap();
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        assert_eq!(reader.num_row_groups(), 3);
        let mut seen = 0;
        for (at, read) in reader.get_row_iter(None).unwrap().enumerate() {
            let read: Vec<Field> = read.unwrap().get_column_iter().map(|(_, field)| field.clone()).collect();
            let day = if let Value::Real(day) = day(at) { Field::Double(day) } else { Field::Null };
            let number = Field::Long(i64::try_from(at).unwrap());
            let expected = [Field::Str(id(at)), number, day, Field::Bool(at.is_multiple_of(2)), Field::Null];
            assert!(read == expected, "row {at}: {read:?}");
            seen += 1;
        }
        assert_eq!(seen, rows);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_cell_of_another_type_and_a_row_of_another_length_are_refused() {
        let (path, mut file) = create("refused", &COLUMNS[..1]);
        assert!(file.row([Value::Whole(1)].into_iter()).is_err());
        assert!(file.row([Value::Absent, Value::Absent].into_iter()).is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
