//! Sent forms as they arrive: their values, their files, and what belongs to the sending itself.
//!
//! The guard before each handler reads a body, once, and leaves what it read for the handler.

use std::ops::{Deref, DerefMut};

use axum::body::to_bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use stillwater_ui::FormValues;
use uuid::Uuid;

use super::problem::Problem;

/// The most that an ordinary form may hold.
pub const FORM_LIMIT_BYTES: usize = 64 * 1024;
/// The most that an import may hold.
pub const UPLOAD_LIMIT_BYTES: usize = 32 * 1024 * 1024;

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
        let of_the_sending =
            |name: &str| matches!(name, "csrf" | "command_id" | "seq" | "confirmed" | "draft_key" | "proof");
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

impl<S: Send + Sync> FromRequestParts<S> for Form {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Upload::from_request_parts(parts, &()).await?.typed)
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
    /// Reads the body of a request, of whichever kind it is, and leaves the rest of the request.
    ///
    /// # Errors
    /// When it holds more than `limit_bytes`, or is cut short.
    pub async fn read(request: Request, limit_bytes: usize) -> Result<(Parts, Self), Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let in_parts = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
        let (parts, body) = request.into_parts();
        if in_parts {
            let form = Request::from_parts(parts.clone(), body);
            return Ok((parts, Self::from_multipart(form, limit_bytes).await?));
        }
        let body = to_bytes(body, limit_bytes).await.map_err(|_| Problem::too_large(limit_bytes))?;
        Ok((parts, Self { typed: Form::from_urlencoded(&body), files: Vec::new() }))
    }

    async fn from_multipart(request: Request, limit_bytes: usize) -> Result<Self, Problem> {
        let broken = || Problem::unreadable("The upload is broken or was cut short.");
        let refused = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(limit_bytes),
            _ => broken(),
        };
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = form.next_field().await.map_err(refused)? {
            let Some(field) = part.name().map(str::to_owned) else { return Err(broken()) };
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(refused)?;
            match file {
                Some(name) if name.is_empty() && bytes.is_empty() => {}
                Some(name) => files.push(UploadedFile { field, name, bytes: bytes.into() }),
                None => fields.push((field, String::from_utf8_lossy(&bytes).into_owned())),
            }
        }
        Ok(Self { typed: Form::from_fields(fields), files })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Upload {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .remove()
            .ok_or_else(|| Problem::failure("finding the form that was sent", &"the guard read none"))
    }
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

    async fn read(body: &str) -> Result<Upload, Problem> {
        let request = Request::post("/")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
            .body(body.to_owned().into())
            .unwrap();
        Upload::read(request, UPLOAD_LIMIT_BYTES).await.map(|(_, upload)| upload)
    }

    #[tokio::test]
    async fn an_upload_gives_its_fields_and_its_file() {
        let body = "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--XX\r\nContent-Disposition: form-data; name=\"bundle\"; filename=\"a.json\"\r\nContent-Type: application/json\r\n\r\n{\"a\":\r\n1}\r\n--XX--\r\n";
        let upload = read(body).await.unwrap();
        assert_eq!(upload.typed.get("csrf"), "abc");
        assert_eq!(upload.files[0].name, "a.json");
        assert_eq!(upload.files[0].bytes, b"{\"a\":\r\n1}");
    }

    #[tokio::test]
    async fn a_cut_upload_is_refused() {
        let body = "--XX\r\nContent-Disposition: form-data; name=\"bundle\"; filename=\"a.json\"\r\n\r\n{\"a\":";
        assert!(read(body).await.is_err());
        assert!(read("nonsense").await.is_err());
    }
}
