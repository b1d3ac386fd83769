//! What a person typed, kept as they typed it, with what is wrong beside each field.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use uuid::Uuid;

use super::problem::Problem;
use super::route::FORM_LIMIT_BYTES;

/// A sent form: every field in order, and the errors found in it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    errors: BTreeMap<String, String>,
}

impl Form {
    /// A form that nobody has filled in yet.
    #[must_use]
    pub fn blank() -> Self {
        Self::default()
    }

    /// Reads an `application/x-www-form-urlencoded` body.
    #[must_use]
    pub fn from_urlencoded(body: &[u8]) -> Self {
        let fields = body
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let mut halves = pair.splitn(2, |byte| *byte == b'=');
                (decode(halves.next().unwrap_or_default()), decode(halves.next().unwrap_or_default()))
            })
            .collect();
        Self { fields, errors: BTreeMap::new() }
    }

    /// Takes fields as they are, for a form shown again from a draft.
    #[must_use]
    pub fn from_fields(fields: Vec<(String, String)>) -> Self {
        Self { fields, errors: BTreeMap::new() }
    }

    /// Every field, in the order sent.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What was typed in `name`, untouched; empty when the field was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
    }

    /// Every value sent for `name`: the ticked boxes of a group.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields().filter(move |(field, _)| *field == name).map(|(_, value)| value)
    }

    /// The trimmed text of `name`, or `None` when nothing was written.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        matches!(self.get(name), "yes" | "on" | "true" | "1")
    }

    /// Sets a value, so that a form can be shown with it.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.into(), value.into()));
    }

    /// Notes what is wrong with a field. The first note stands.
    pub fn wrong(&mut self, name: &str, says: impl Into<String>) {
        self.errors.entry(name.into()).or_insert_with(|| says.into());
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// Everything that is wrong, by field.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.errors.iter().map(|(name, says)| (name.as_str(), says.as_str()))
    }

    /// Whether nothing is wrong so far.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.errors.is_empty()
    }

    /// The trimmed text of `name`; notes `says` when there is none.
    pub fn required(&mut self, name: &str, says: &str) -> String {
        match self.text(name) {
            Some(text) => text.to_owned(),
            None => {
                self.wrong(name, says);
                String::new()
            }
        }
    }

    /// The value of `name` read as a `T`: `None` when nothing was written, and a note when it cannot be read.
    /// A decimal comma is understood as a point.
    pub fn optional<T: FromStr>(&mut self, name: &str, says: &str) -> Option<T> {
        let text = self.text(name)?.replace(',', ".");
        let read = text.parse().ok();
        if read.is_none() {
            self.wrong(name, says);
        }
        read
    }

    /// The value of `name` read as a `T`; notes `says` when there is none or it cannot be read.
    pub fn needed<T: FromStr>(&mut self, name: &str, says: &str) -> Option<T> {
        let read = self.optional(name, says);
        if read.is_none() {
            self.wrong(name, says);
        }
        read
    }

    /// The command id that the form carries, so that sending it twice records it once.
    ///
    /// # Errors
    /// When it is missing or no UUID: such a form is not one of ours.
    pub fn command_id(&self) -> Result<Uuid, Problem> {
        Uuid::parse_str(self.get("command_id"))
            .map_err(|_| Problem::unreadable("The form lacks its number. Reload the page and fill it in again."))
    }

    /// The chart's sequence number that the person was looking at when they filled this in.
    #[must_use]
    pub fn seen_seq(&self) -> Option<u64> {
        self.get("seq").parse().ok()
    }

    /// Whether the person has confirmed a press-and-hold action.
    #[must_use]
    pub fn confirmed(&self) -> bool {
        self.ticked("confirmed")
    }

    /// The fields as `application/x-www-form-urlencoded`, without those that belong to the sending itself.
    #[must_use]
    pub fn to_draft(&self) -> String {
        let mut out = String::new();
        for (name, value) in self.fields() {
            if matches!(name, "csrf" | "command_id" | "seq" | "confirmed" | "draft_key") {
                continue;
            }
            if !out.is_empty() {
                out.push('&');
            }
            encode(name, &mut out);
            out.push('=');
            encode(value, &mut out);
        }
        out
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body =
            to_bytes(request.into_body(), FORM_LIMIT_BYTES).await.map_err(|_| Problem::too_large(FORM_LIMIT_BYTES))?;
        Ok(Self::from_urlencoded(&body))
    }
}

fn decode(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'+' => out.push(b' '),
            b'%' => match tail {
                [high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or(0) as u8;
                    out.push(digit(high) * 16 + digit(low));
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            other => out.push(*other),
        }
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Writes `text` percent-encoded, as in a form body or a query.
pub fn encode(text: &str, out: &mut String) {
    use std::fmt::Write;
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// The field it came in.
    pub field: String,
    /// The name that the sender's machine gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A sent `multipart/form-data` form: fields and files. Use it on routes registered with `upload`.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The ordinary fields.
    pub typed: Form,
    /// The files that were chosen; a file field left empty is not here.
    pub files: Vec<UploadedFile>,
}

impl Upload {
    /// Reads a multipart body with the given boundary; `None` when it is not one.
    #[must_use]
    pub fn from_multipart(body: &[u8], boundary: &str) -> Option<Self> {
        let opening = format!("--{boundary}");
        let delimiter = format!("\r\n--{boundary}");
        let mut rest = body.strip_prefix(opening.as_bytes())?;
        let mut upload = Self::default();
        loop {
            if rest.starts_with(b"--") {
                return Some(upload);
            }
            rest = rest.strip_prefix(b"\r\n")?;
            let head_end = find(rest, b"\r\n\r\n")?;
            let head = String::from_utf8_lossy(rest.get(..head_end)?).into_owned();
            rest = rest.get(head_end + 4..)?;
            let part_end = find(rest, delimiter.as_bytes())?;
            let part = rest.get(..part_end)?;
            rest = rest.get(part_end + delimiter.len()..)?;
            let field = parameter(&head, "name")?;
            match parameter(&head, "filename") {
                Some(name) if name.is_empty() && part.is_empty() => {}
                Some(name) => upload.files.push(UploadedFile { field, name, bytes: part.to_vec() }),
                None => upload.typed.fields.push((field, String::from_utf8_lossy(part).into_owned())),
            }
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let boundary = boundary_of(request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()));
        let limit = super::route::UPLOAD_LIMIT_BYTES;
        let body = to_bytes(request.into_body(), limit).await.map_err(|_| Problem::too_large(limit))?;
        boundary
            .and_then(|boundary| Self::from_multipart(&body, &boundary))
            .ok_or_else(|| Problem::unreadable("The upload is broken or was cut short."))
    }
}

/// The boundary that a multipart content type names.
pub(super) fn boundary_of(content_type: Option<&str>) -> Option<String> {
    let content_type = content_type?;
    if !content_type.starts_with("multipart/form-data") {
        return None;
    }
    let (_, boundary) = content_type.split_once("boundary=")?;
    let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
    (!boundary.is_empty() && boundary.len() <= 70).then(|| boundary.to_owned())
}

fn parameter(head: &str, name: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    line.split(';').skip(1).find_map(|piece| {
        let (key, value) = piece.trim().split_once('=')?;
        (key == name).then(|| value.trim_matches('"').to_owned())
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn typed_text_is_kept_exactly() {
        let typed = Form::from_urlencoded(b"note=caf%C3%A9+at+5%25&empty=&odd=100%&tick=a&tick=b&bare");
        assert_eq!(typed.get("note"), "café at 5%");
        assert_eq!(typed.get("odd"), "100%");
        assert_eq!(typed.text("empty"), None);
        assert_eq!(typed.all("tick").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(typed.get("bare"), "");
    }

    #[test]
    fn an_unreadable_number_stays_in_its_field_with_a_note() {
        let mut typed = Form::from_urlencoded(b"weight=7o&height=1,72");
        assert_eq!(typed.needed::<f64>("weight", "Write a number, such as 70.5."), None);
        assert_eq!(typed.needed::<f64>("height", "Write a number."), Some(1.72));
        assert_eq!(typed.needed::<u16>("pulse", "Write the pulse."), None);
        assert_eq!(typed.get("weight"), "7o");
        assert_eq!(typed.error("weight"), Some("Write a number, such as 70.5."));
        assert_eq!(typed.error("pulse"), Some("Write the pulse."));
        assert!(!typed.is_sound());
    }

    #[test]
    fn a_draft_holds_what_was_typed_and_nothing_of_the_sending() {
        let typed = Form::from_urlencoded(b"csrf=x&command_id=y&note=a+%26+b&seq=4");
        assert_eq!(typed.to_draft(), "note=a+%26+b");
        assert_eq!(Form::from_urlencoded(typed.to_draft().as_bytes()).get("note"), "a & b");
    }

    #[test]
    fn an_upload_gives_its_fields_and_its_file() {
        let body = b"--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--XX\r\nContent-Disposition: form-data; name=\"bundle\"; filename=\"a.json\"\r\nContent-Type: application/json\r\n\r\n{\"a\":\r\n1}\r\n--XX--\r\n";
        let upload = Upload::from_multipart(body, "XX").unwrap();
        assert_eq!(upload.typed.get("csrf"), "abc");
        assert_eq!(upload.files[0].name, "a.json");
        assert_eq!(upload.files[0].bytes, b"{\"a\":\r\n1}");
    }

    #[test]
    fn a_cut_upload_is_refused() {
        let body = b"--XX\r\nContent-Disposition: form-data; name=\"bundle\"; filename=\"a.json\"\r\n\r\n{\"a\":";
        assert!(Upload::from_multipart(body, "XX").is_none());
        assert!(Upload::from_multipart(b"nonsense", "XX").is_none());
    }
}
