//! Sent forms as they arrive: their values, their files, and what belongs to the sending itself.

use std::ops::{Deref, DerefMut};

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use stillwater_ui::FormValues;
use uuid::Uuid;

use super::problem::Problem;
use super::route::FORM_LIMIT_BYTES;

/// A sent form: its values, and what belongs to the sending itself.
#[derive(Clone, Debug, Default)]
pub struct Form(FormValues);

impl Form {
    /// A form that nobody has filled in yet.
    #[must_use]
    pub fn blank() -> Self {
        Self::default()
    }

    /// Reads an `application/x-www-form-urlencoded` body.
    #[must_use]
    pub fn from_urlencoded(body: &[u8]) -> Self {
        Self::from_fields(form_urlencoded::parse(body).into_owned().collect())
    }

    /// Takes fields as they are, for a form shown again from a draft.
    #[must_use]
    pub fn from_fields(fields: Vec<(String, String)>) -> Self {
        Self(FormValues::from_fields(fields))
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

    /// The fields as `application/x-www-form-urlencoded`, without those that belong to the sending itself.
    #[must_use]
    pub fn to_draft(&self) -> String {
        let of_the_sending = |name: &str| matches!(name, "csrf" | "command_id" | "seq" | "confirmed" | "draft_key");
        let fields = self.fields().filter(|(name, _)| !of_the_sending(name));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    }
}

impl Deref for Form {
    type Target = FormValues;

    fn deref(&self) -> &FormValues {
        &self.0
    }
}

impl DerefMut for Form {
    fn deref_mut(&mut self) -> &mut FormValues {
        &mut self.0
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

/// Writes `text` percent-encoded, as in a form body or a query.
pub fn encode(text: &str, out: &mut String) {
    out.extend(form_urlencoded::byte_serialize(text.as_bytes()));
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
        let mut fields = Vec::new();
        loop {
            if rest.starts_with(b"--") {
                upload.typed = Form::from_fields(fields);
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
                None => fields.push((field, String::from_utf8_lossy(part).into_owned())),
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
