//! The providers module: requests to other taggers and what their answers say. It is loaded by the provider worker, which sends them.

use js_sys::{Array, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tagsmith::providers::{
    self, Answer, BrowserSetup, Compared, Failure, Found, OsgiFile, Picture, Reply, Request, Secrets, Setup, read_osgi,
    read_replies,
};
use tagsmith::{Error, ErrorKind};
use wasm_bindgen::prelude::*;

use crate::js::{object, thrown, to_js};

/// How one provider is asked.
#[wasm_bindgen(js_name = Provider)]
pub struct JsProvider {
    setup: Setup,
    notes: Vec<providers::Note>,
}

/// One picture, or the whole request.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum JsResult {
    Found(Found),
    Failure(Failure),
}

impl From<Result<Found, Failure>> for JsResult {
    fn from(result: Result<Found, Failure>) -> Self {
        result.map_or_else(Self::Failure, Self::Found)
    }
}

#[wasm_bindgen(js_class = Provider)]
impl JsProvider {
    /// `setup`: JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(setup: &str) -> Result<JsProvider, JsValue> {
        let setup: Setup = read(setup, "set-up")?;
        let checked = setup.checked().map_err(thrown)?;
        Ok(Self { setup: checked.setup, notes: checked.notes })
    }

    /// JSON, in its normal form.
    pub fn setup(&self) -> Result<String, JsValue> {
        serde_json::to_string(&self.setup).map_err(type_error)
    }

    #[wasm_bindgen(unchecked_return_type = "ProviderNote[]")]
    pub fn notes(&self) -> Result<JsValue, JsValue> {
        to_js(&self.notes)
    }

    pub fn origins(&self) -> Result<Vec<String>, JsValue> {
        self.setup.origins().map_err(thrown)
    }

    #[wasm_bindgen(js_name = pictureNeed, unchecked_return_type = "PictureNeed")]
    pub fn picture_need(&self) -> Result<JsValue, JsValue> {
        to_js(&self.setup.picture_need())
    }

    /// How many of the pictures, of these sizes in bytes, go into each request.
    pub fn batches(&self, sizes: &[u32]) -> Vec<u32> {
        self.setup.batches(sizes)
    }

    pub fn units(&self, n: u32) -> u32 {
        self.setup.units(n)
    }

    #[wasm_bindgen(js_name = hasConfidence)]
    pub fn has_confidence(&self) -> bool {
        self.setup.has_confidence()
    }

    #[wasm_bindgen(js_name = isBilled)]
    pub fn is_billed(&self) -> bool {
        self.setup.is_billed()
    }

    /// `secrets`: JSON.
    #[wasm_bindgen(unchecked_return_type = "HttpRequest")]
    pub fn request(
        &self,
        secrets: &str,
        #[wasm_bindgen(unchecked_param_type = "ProviderPicture[]")] pictures: Array,
        language: &str,
    ) -> Result<JsValue, JsValue> {
        let held = pictures.iter().map(|picture| JsPicture::read(&picture)).collect::<Result<Vec<_>, _>>()?;
        let pictures: Vec<Picture> = held.iter().map(JsPicture::borrowed).collect();
        js_request(self.setup.request(&read_secrets(secrets)?, &pictures, language).map_err(thrown)?)
    }

    /// What the answer to a request for `n` pictures says.
    #[wasm_bindgen(unchecked_return_type = "ProviderAnswer")]
    pub fn answer(
        &self,
        status: u16,
        #[wasm_bindgen(unchecked_param_type = "[string, string][]")] headers: JsValue,
        body: &[u8],
        n: usize,
    ) -> Result<JsValue, JsValue> {
        let headers: Vec<(String, String)> = serde_wasm_bindgen::from_value(headers)?;
        match self.setup.answer(&Answer { status, headers: &headers, body }, n) {
            Ok(results) => {
                let results: Vec<JsResult> = results.into_iter().map(Into::into).collect();
                object([("results", to_js(&results)?)])
            }
            Err(failure) => to_js(&JsResult::Failure(failure)),
        }
    }

    /// Whether it signs in with credentials before it asks.
    #[wasm_bindgen(js_name = needsToken)]
    pub fn needs_token(&self) -> bool {
        self.setup.token_request(&Secrets::default()).is_some()
    }

    #[wasm_bindgen(js_name = tokenRequest, unchecked_return_type = "HttpRequest")]
    pub fn token_request(&self, secrets: &str) -> Result<JsValue, JsValue> {
        let Some(request) = self.setup.token_request(&read_secrets(secrets)?) else {
            return Err(js_sys::TypeError::new("This provider is asked without a token.").into());
        };
        js_request(request.map_err(thrown)?)
    }

    #[wasm_bindgen(unchecked_return_type = "ProviderToken")]
    pub fn token(
        &self,
        status: u16,
        #[wasm_bindgen(unchecked_param_type = "[string, string][]")] headers: JsValue,
        body: &[u8],
    ) -> Result<JsValue, JsValue> {
        let headers: Vec<(String, String)> = serde_wasm_bindgen::from_value(headers)?;
        match self.setup.token(&Answer { status, headers: &headers, body }) {
            Ok(token) => object([("token", token.value.into()), ("expires_in_s", (token.expires_in_s as f64).into())]),
            Err(failure) => to_js(&JsResult::Failure(failure)),
        }
    }

    /// The smallest request that tells whether address, credentials and rights are in order.
    #[wasm_bindgen(unchecked_return_type = "HttpRequest")]
    pub fn probe(&self, secrets: &str, language: &str) -> Result<JsValue, JsValue> {
        js_request(self.setup.probe(&read_secrets(secrets)?, language).map_err(thrown)?)
    }
}

/// Set-ups that are ready but for what only their user knows.
#[wasm_bindgen(unchecked_return_type = "ProviderPreset[]")]
pub fn presets() -> Result<JsValue, JsValue> {
    to_js(&providers::presets())
}

/// What the two files of an AEM set-up say.
#[wasm_bindgen(js_name = readOsgi, unchecked_return_type = "OsgiFacts")]
pub fn read_osgi_files(
    #[wasm_bindgen(unchecked_param_type = "{ name: string; text: string }[]")] files: JsValue,
) -> Result<JsValue, JsValue> {
    let files: Vec<OsgiFile> = serde_wasm_bindgen::from_value(files)?;
    to_js(&read_osgi(&files).map_err(thrown)?)
}

/// What the browser's own model is asked of one picture. `setup`: JSON.
#[wasm_bindgen(unchecked_return_type = "ModelQuestion[]")]
pub fn questions(setup: &str, vocabulary: Vec<String>, language: &str) -> Result<JsValue, JsValue> {
    to_js(&providers::questions(&browser_setup(setup)?, &vocabulary, language))
}

/// What its replies to the questions of one picture say together; the first that cannot be read is the picture's failure.
#[wasm_bindgen(js_name = readReplies, unchecked_return_type = "ProviderResult")]
pub fn read_model_replies(
    #[wasm_bindgen(unchecked_param_type = "ModelReply[]")] replies: JsValue,
) -> Result<JsValue, JsValue> {
    let replies: Vec<Reply> = serde_wasm_bindgen::from_value(replies)?;
    to_js(&JsResult::from(read_replies(&replies)))
}

/// How far several taggers agree over the same pictures.
#[wasm_bindgen(js_name = compareSources, unchecked_return_type = "Comparison")]
pub fn compare_sources(
    #[wasm_bindgen(unchecked_param_type = "Compared")] compared: JsValue,
) -> Result<JsValue, JsValue> {
    let compared: Compared = serde_wasm_bindgen::from_value(compared)?;
    to_js(&compared.comparison().map_err(thrown)?)
}

fn browser_setup(setup: &str) -> Result<BrowserSetup, JsValue> {
    match read(setup, "set-up")? {
        Setup::Browser(setup) => Ok(setup),
        _ => Err(js_sys::TypeError::new("These are questions to the browser's own model.").into()),
    }
}

/// A picture that is sent, copied out of JavaScript's memory.
struct JsPicture {
    bytes: Vec<u8>,
    media_type: String,
    width: u32,
    height: u32,
}

impl JsPicture {
    fn read(picture: &JsValue) -> Result<Self, JsValue> {
        let field = |name: &str| Reflect::get(picture, &name.into());
        let side = |name: &str| Ok::<_, JsValue>(field(name)?.as_f64().unwrap_or(0.0) as u32);
        Ok(Self {
            bytes: field("bytes")?.dyn_into::<Uint8Array>()?.to_vec(),
            media_type: field("media_type")?.as_string().unwrap_or_default(),
            width: side("width")?,
            height: side("height")?,
        })
    }

    fn borrowed(&self) -> Picture<'_> {
        Picture { bytes: &self.bytes, media_type: &self.media_type, width: self.width, height: self.height }
    }
}

/// The body as bytes of JavaScript's own.
fn js_request(request: Request) -> Result<JsValue, JsValue> {
    object([
        ("method", request.method.into()),
        ("url", request.url.into()),
        ("headers", to_js(&request.headers)?),
        ("body", Uint8Array::from(&request.body[..]).into()),
    ])
}

/// What is wrong with a text is not quoted: a secret may be in it.
fn read_secrets(secrets: &str) -> Result<Secrets, JsValue> {
    serde_json::from_str(secrets).map_err(|_| js_sys::TypeError::new("These are no secrets.").into())
}

fn read<T: DeserializeOwned>(json: &str, what: &str) -> Result<T, JsValue> {
    serde_json::from_str(json).map_err(|error| {
        thrown(Error::new(
            ErrorKind::ProviderSetupInvalid,
            format!("The {what} cannot be read: {error}. Enter it again."),
        ))
    })
}

fn type_error(error: serde_json::Error) -> JsValue {
    js_sys::TypeError::new(&error.to_string()).into()
}
