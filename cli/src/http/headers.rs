//! Headers of answers.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, HeaderMap, HeaderValue, VARY,
    X_CONTENT_TYPE_OPTIONS,
};

/// As every answer has them.
pub fn close(headers: &mut HeaderMap) {
    headers.insert(VARY, HeaderValue::from_static("origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// Lets the page at `origin` read the answer, and no other. `exposed`: names of headers that it may read.
pub fn open_for(origin: &str, exposed: &'static str, headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, value(origin));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
    close(headers);
}

/// What is no header is left empty: hyper has read it as one, or it was checked at the start.
pub fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
