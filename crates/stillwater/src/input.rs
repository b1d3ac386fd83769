//! Reading files of FHIR bundles a bundle at a time, so that a file of ten thousand people needs the memory of one.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use jiff::Timestamp;
use stillwater_fhir::{Bulk, GZIP, ReadPerson, holds_resources, one_bundle_a_line, other_format, read_bundle, unpack};

use crate::ending::CliError;

/// The most that one bundle may be.
const LARGEST_BUNDLE: usize = 256 * 1024 * 1024;

/// The most that the files of a bulk export may hold together, unpacked: their lines are kept as text.
const LARGEST_BULK: usize = 256 * 1024 * 1024;

/// Hands every person of all files to `each`, and why something could not be read; counts the bytes read. Files with a
/// resource a line (bulk exports, often a file for each type) are put together by patient at the end.
pub fn people<F>(paths: &[std::path::PathBuf], now: Timestamp, mut each: F) -> Result<(), CliError>
where
    F: FnMut(Result<ReadPerson, String>, u64) -> Result<(), CliError>,
{
    let mut bulk = Bulk::default();
    let (mut before, mut held) = (0, 0);
    for path in paths {
        let mut last = 0;
        if let Some((name, text)) = people_of(path, now, |read, bytes| {
            last = bytes;
            each(read, before + bytes)
        })? {
            held += text.len();
            last = text.len() as u64;
            if held > LARGEST_BULK {
                return Err(CliError::Input(format!(
                    "{name}: the files of this export hold more than 256 MB; split them by patient"
                )));
            }
            bulk.add_owned(name, text);
        }
        before += last;
    }
    if bulk.is_empty() {
        return Ok(());
    }
    for person in bulk.people(now) {
        each(person.map_err(|error| error.to_string()), before)?;
    }
    Ok(())
}

/// Hands every person of one file to `each`; the text of a file with a resource a line is handed back instead.
fn people_of<F>(path: &Path, now: Timestamp, mut each: F) -> Result<Option<(String, String)>, CliError>
where
    F: FnMut(Result<ReadPerson, String>, u64) -> Result<(), CliError>,
{
    let name = if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() };
    let mut size = 0;
    let source: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let fail = |error: &std::io::Error| CliError::Input(format!("{name} cannot be read: {error}"));
        let metadata = std::fs::metadata(path).map_err(|error| fail(&error))?;
        if metadata.is_dir() {
            return Err(CliError::Input(format!("{name} is a folder; name the files in it")));
        }
        size = usize::try_from(metadata.len()).unwrap_or(0);
        Box::new(File::open(path).map_err(|error| fail(&error))?)
    };
    let mut reader = BufReader::with_capacity(1 << 16, source);
    let start = reader.fill_buf().map_err(|error| failed(&name, &error))?;
    let packed = start.starts_with(&GZIP);
    let mut reader: Box<dyn BufRead> = if packed {
        size = 0;
        Box::new(BufReader::with_capacity(1 << 16, unpack(reader)))
    } else {
        Box::new(reader)
    };
    let start = reader.fill_buf().map_err(|error| failed(&name, &error))?;
    if let Some(other) = other_format(&name, start) {
        each(Err(other.to_string()), 0)?;
        return Ok(None);
    }
    let mut text = Vec::new();
    let (mut line, mut read_so_far, mut by_line) = (0, 0_u64, None);
    loop {
        text.clear();
        let length = read_line(&mut reader, &mut text, &name)?;
        if length == 0 {
            if by_line.is_none() {
                each(Err(format!("{name}: there is nothing in it; expected a FHIR R4 Bundle")), read_so_far)?;
            }
            return Ok(None);
        }
        line += 1;
        read_so_far += length as u64;
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if by_line.is_none() {
            let first = String::from_utf8_lossy(&text);
            let resources = holds_resources(&name, &first);
            let several = !resources && one_bundle_a_line(&name, &first);
            by_line = Some(several);
            if !several {
                text.reserve_exact(size.saturating_sub(text.len()).min(LARGEST_BUNDLE));
                let limit = LARGEST_BUNDLE.saturating_sub(text.len()) as u64 + 1;
                let rest = reader.by_ref().take(limit).read_to_end(&mut text).map_err(|error| failed(&name, &error))?;
                read_so_far += rest as u64;
                if text.len() > LARGEST_BUNDLE {
                    return Err(too_large(&name));
                }
            }
            if resources {
                match String::from_utf8(text) {
                    Ok(text) => return Ok(Some((name, text))),
                    Err(error) => {
                        let at = error.utf8_error().valid_up_to() + 1;
                        each(Err(format!("{name}, byte {at}: this is not UTF-8 text")), read_so_far)?;
                        return Ok(None);
                    }
                }
            }
        }
        let read = match std::str::from_utf8(&text) {
            Ok(text) => read_bundle(&name, line, text, now),
            Err(error) => {
                let at = error.valid_up_to();
                each(Err(format!("{name}, line {line}, byte {}: this is not UTF-8 text", at + 1)), read_so_far)?;
                continue;
            }
        };
        for person in read {
            each(person.map_err(|error| error.to_string()), read_so_far)?;
        }
    }
}

fn read_line(reader: &mut impl BufRead, text: &mut Vec<u8>, name: &str) -> Result<usize, CliError> {
    let length =
        reader.take(LARGEST_BUNDLE as u64 + 1).read_until(b'\n', text).map_err(|error| failed(name, &error))?;
    if length > LARGEST_BUNDLE { Err(too_large(name)) } else { Ok(length) }
}

fn failed(name: &str, error: &std::io::Error) -> CliError {
    CliError::Failure(format!("{name} cannot be read: {error}"))
}

fn too_large(name: &str) -> CliError {
    CliError::Input(format!("{name}: a bundle is larger than 256 MB; split it"))
}

/// The size of all files together, for progress; 0 where one of them is no file.
pub fn size(paths: &[std::path::PathBuf]) -> u64 {
    let sizes: Option<Vec<u64>> = paths
        .iter()
        .map(|path| std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len()))
        .collect();
    sizes.map_or(0, |sizes| sizes.iter().sum())
}
