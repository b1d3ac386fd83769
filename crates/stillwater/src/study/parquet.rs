//! The tables as Parquet: the same columns and rows as the CSV, with their types, every column optional.
//!
//! Rows are gathered into groups of a fixed size and written as they fill, so that memory does not grow with the set.
//! Nothing is compressed beyond the dictionaries of the format itself: that needs no further library, and codes repeat.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use stillwater_programme::study::{Cell, Column, Kind, StudyRow, Table};

use super::private_file;

/// Rows of a group. What Parquet keeps of each group until the file is closed is all that grows with the set, so groups
/// are large; 65,536 rows of the widest table take some 8 MB here.
const GROUP: usize = 1 << 16;

/// The cells of one column that wait for their group. A text is kept once, since codes and ids repeat.
enum Waiting {
    Text { places: HashMap<String, usize>, texts: Vec<ByteArray>, cells: Vec<Option<u32>> },
    Whole(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Truth(Vec<Option<bool>>),
}

/// One file.
struct One {
    writer: SerializedFileWriter<File>,
    columns: Vec<Waiting>,
    rows: usize,
}

/// One file for each table.
pub struct Parquets(BTreeMap<Table, One>);

impl Parquets {
    /// Opens them.
    pub fn new(tables: &[Table], folder: &Path) -> Result<Self, ParquetError> {
        let mut files = BTreeMap::new();
        for table in tables {
            let file = private_file(&folder.join(format!("{}.parquet", table.name())))?;
            let properties = WriterProperties::builder()
                .set_created_by("stillwater".to_owned())
                .set_statistics_enabled(EnabledStatistics::Chunk)
                .set_offset_index_disabled(true)
                .build();
            let writer = SerializedFileWriter::new(file, schema(*table)?, Arc::new(properties))?;
            let columns = table.columns().iter().map(|column| Waiting::new(column.kind)).collect();
            files.insert(*table, One { writer, columns, rows: 0 });
        }
        Ok(Self(files))
    }

    /// Takes one row.
    pub fn row(&mut self, table: Table, row: &StudyRow) -> Result<(), ParquetError> {
        let Some(one) = self.0.get_mut(&table) else { return Ok(()) };
        for (column, cell) in one.columns.iter_mut().zip(row) {
            column.take(cell);
        }
        one.rows += 1;
        if one.rows >= GROUP { one.group() } else { Ok(()) }
    }

    /// Closes them, each on the disk.
    pub fn end(self) -> Result<(), ParquetError> {
        for mut one in self.0.into_values() {
            one.group()?;
            one.writer.finish()?;
            one.writer.inner().sync_all()?;
        }
        Ok(())
    }
}

fn schema(table: Table) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Whole => (Physical::INT64, None),
            Kind::Real => (Physical::DOUBLE, None),
            Kind::Truth => (Physical::BOOLEAN, None),
        };
        Type::primitive_type_builder(column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let fields: Result<Vec<TypePtr>, ParquetError> = table.columns().iter().map(field).collect();
    Ok(Arc::new(Type::group_type_builder(table.name()).with_fields(fields?).build()?))
}

impl One {
    /// Writes the rows gathered so far as one group.
    fn group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else {
                return Err(ParquetError::General("a table has more columns than its file".to_owned()));
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
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text { places: HashMap::new(), texts: Vec::new(), cells: Vec::new() },
            Kind::Whole => Self::Whole(Vec::new()),
            Kind::Real => Self::Real(Vec::new()),
            Kind::Truth => Self::Truth(Vec::new()),
        }
    }

    fn take(&mut self, cell: &Cell) {
        match self {
            Self::Text { places, texts, cells } => cells.push(cell.text().and_then(|text| {
                let place = match places.get(text) {
                    Some(place) => *place,
                    None => {
                        texts.push(ByteArray::from(text));
                        places.insert(text.to_owned(), texts.len() - 1);
                        texts.len() - 1
                    }
                };
                u32::try_from(place).ok()
            })),
            Self::Whole(cells) => cells.push(if let Cell::Whole(value) = cell { Some(*value) } else { None }),
            Self::Real(cells) => cells.push(if let Cell::Real(value) = cell { Some(*value) } else { None }),
            Self::Truth(cells) => cells.push(if let Cell::Truth(value) = cell { Some(*value) } else { None }),
        }
    }

    /// Writes what waits, and waits for the next group.
    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        match self {
            Self::Text { places, texts, cells } => {
                let text = |place: u32| texts.get(place as usize).cloned();
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
    #![allow(clippy::unwrap_used, clippy::panic)]
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::*;

    #[test]
    fn rows_come_back_in_order_from_more_than_one_group() {
        let folder = std::env::temp_dir().join(format!("stillwater-parquet-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let mut files = Parquets::new(&[Table::Dispositions], &folder).unwrap();
        let rows = GROUP * 2 + 5;
        let row = |at: usize| {
            let id = Cell::Text(format!("p{}", at / 7));
            let day = if at.is_multiple_of(3) { Cell::Absent } else { Cell::Real(at as f64 / 8.0) };
            vec![id, Cell::Real(at as f64), day, Cell::Code("completed"), Cell::Absent]
        };
        for at in 0..rows {
            files.row(Table::Dispositions, &row(at)).unwrap();
        }
        files.end().unwrap();
        let file = File::open(folder.join("dispositions.parquet")).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        assert_eq!(reader.num_row_groups(), 3);
        let mut seen = 0;
        for (at, read) in reader.get_row_iter(None).unwrap().enumerate() {
            let read = read.unwrap();
            for ((_, field), cell) in read.get_column_iter().zip(row(at)) {
                let same = match (field, &cell) {
                    (Field::Null, Cell::Absent) => true,
                    (Field::Str(read), cell) => cell.text() == Some(read),
                    (Field::Double(read), Cell::Real(value)) => read == value,
                    _ => false,
                };
                assert!(same, "row {at}: {field:?} {cell:?}");
            }
            seen += 1;
        }
        assert_eq!(seen, rows);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
