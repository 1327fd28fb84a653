//! Endpoints as people have them: a resource's own, a region's as the old guides give it, the whole address of a call, a gateway's.

use super::Version;
use crate::error::Result;
use crate::providers::address::Address;
use crate::providers::service_url::{service_address, without_suffix};

/// Hosts on which Microsoft itself answers: regions, and resources of one's own.
const PUBLIC: [&str; 2] = [".api.cognitive.microsoft.com", ".cognitiveservices.azure.com"];
/// Ends of the addresses of calls.
const CALLS: [&str; 3] = ["/tag", "/analyze", "/imageanalysis:analyze"];
const V4_PATH: &str = "/computervision";

/// An endpoint, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    address: Address,
    /// Before the part that names a version; empty on Microsoft's own hosts.
    prefix: String,
    /// The part of the path that names a version, where there is one: `/vision/v2.0`.
    path: Option<String>,
    /// What it speaks: the path says, else what was chosen.
    pub(super) version: Version,
}

impl Endpoint {
    /// # Errors
    /// [`ErrorKind::ProviderSetupInvalid`](crate::ErrorKind) if it is no address, or neither `https` nor of this machine.
    pub(super) fn read(text: &str, chosen: Version) -> Result<Self> {
        let address = service_address(text)?;
        let path = address.path.trim_end_matches('/');
        let path = CALLS.iter().find_map(|call| without_suffix(path, call)).unwrap_or(path);
        if let Some(prefix) = without_suffix(path, V4_PATH) {
            let (prefix, path) = (prefix.to_owned(), Some(V4_PATH.to_owned()));
            return Ok(Self { address, prefix, path, version: Version::V4 });
        }
        let (prefix, version) = match path.to_ascii_lowercase().rfind("/vision/v").map(|at| path.split_at(at)) {
            Some((prefix, version)) if is_version(version) => (prefix, Some(version.to_owned())),
            _ => (path, None),
        };
        let spoken = version.as_deref().map_or(chosen, speaks);
        Ok(Self { prefix: prefix.to_owned(), version: spoken, path: version, address })
    }

    pub(super) fn origin(&self) -> String {
        self.address.origin()
    }

    /// What calls are put behind, without a slash at its end.
    pub(super) fn base(&self) -> String {
        format!("{}{}{}", self.origin(), self.prefix, self.path.as_deref().unwrap_or(own_path(self.version)))
    }

    /// As it is kept: without the part that the version stands for, so that another version can be chosen.
    pub(super) fn normal(&self) -> String {
        match &self.path {
            Some(path) if !path.eq_ignore_ascii_case(own_path(self.version)) => self.base(),
            _ => format!("{}{}", self.origin(), self.prefix),
        }
    }

    /// The version as its path writes it: "2.1".
    pub(super) fn spoken(&self) -> &str {
        match self.path.as_deref().and_then(|path| path.get("/vision/v".len()..)) {
            Some(spoken) if self.version != Version::V4 => spoken,
            _ => self.version.name(),
        }
    }

    /// One of v1.0 to v3.1, or a preview.
    pub(super) fn is_old(&self) -> bool {
        self.version != Version::V4 && self.spoken() != Version::V3.name()
    }

    /// Old, and on a host where these were switched off.
    pub(super) fn is_retired(&self) -> bool {
        self.is_old() && PUBLIC.iter().any(|host| self.address.host.ends_with(host))
    }

    /// The same host with a version that is in service: the chosen one, else 3.2, which answers in the same way as the old ones.
    pub(super) fn converted(&self, chosen: Version) -> Self {
        let version = if chosen == Version::V2 { Version::V3 } else { chosen };
        Self { path: None, version, ..self.clone() }
    }
}

fn own_path(version: Version) -> &'static str {
    match version {
        Version::V2 => "/vision/v2.0",
        Version::V3 => "/vision/v3.2",
        Version::V4 => V4_PATH,
    }
}

/// `/vision/v2.0`, `/Vision/V3.2-preview.3`.
fn is_version(path: &str) -> bool {
    let number = &path["/vision/v".len()..];
    let is_of_one = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    number.starts_with(|c: char| c.is_ascii_digit()) && number.contains('.') && number.chars().all(is_of_one)
}

/// Which of the three ways of speaking a version has: those before 3 answer as 2.0, later ones as 3.2.
fn speaks(path: &str) -> Version {
    let number = &path["/vision/v".len()..];
    let major: u32 = number.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(3);
    if major < 3 { Version::V2 } else { Version::V3 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Version::*;

    #[test]
    fn endpoints_are_normalised_as_the_vectors_say() {
        for (typed, chosen, base) in [
            (
                "https://westcentralus.api.cognitive.microsoft.com/vision/v2.0",
                V3,
                "https://westcentralus.api.cognitive.microsoft.com/vision/v2.0",
            ),
            ("https://x.cognitiveservices.azure.com/", V3, "https://x.cognitiveservices.azure.com/vision/v3.2"),
            ("https://x.cognitiveservices.azure.com", V2, "https://x.cognitiveservices.azure.com/vision/v2.0"),
            ("https://x.cognitiveservices.azure.com", V4, "https://x.cognitiveservices.azure.com/computervision"),
            (
                "  HTTPS://X.CognitiveServices.azure.com/Vision/V3.2/Tag/?language=en#x ",
                V4,
                "https://x.cognitiveservices.azure.com/Vision/V3.2",
            ),
            ("https://x.example/a/vision/v3.2/analyze", V2, "https://x.example/a/vision/v3.2"),
            (
                "https://x.example/computervision/imageanalysis:analyze?api-version=2023-10-01",
                V3,
                "https://x.example/computervision",
            ),
            ("https://x.example/gateway/", V3, "https://x.example/gateway/vision/v3.2"),
            ("https://x.example/tag", V2, "https://x.example/vision/v2.0"),
            ("x.cognitiveservices.azure.com", V3, "https://x.cognitiveservices.azure.com/vision/v3.2"),
            ("http://localhost:5000/", V3, "http://localhost:5000/vision/v3.2"),
            ("https://x.example/vision/version", V3, "https://x.example/vision/version/vision/v3.2"),
        ] {
            let endpoint = Endpoint::read(typed, chosen).unwrap();
            assert_eq!(endpoint.base(), base, "{typed}");
            let again = Endpoint::read(&endpoint.normal(), endpoint.version).unwrap();
            assert_eq!(
                (again.base().to_lowercase(), again.version),
                (base.to_lowercase(), endpoint.version),
                "{typed}"
            );
        }
        assert!(Endpoint::read("http://x.cognitiveservices.azure.com", V3).is_err());
    }

    #[test]
    fn the_versions_that_are_off_are_known_on_microsofts_hosts_only() {
        for version in ["v1.0", "v2.0", "V2.1", "v3.0", "v3.1", "v3.2-preview.3"] {
            let read = |host: &str| Endpoint::read(&format!("https://{host}/vision/{version}"), V3).unwrap();
            for host in ["westeurope.api.cognitive.microsoft.com", "mine.cognitiveservices.azure.com"] {
                assert!(read(host).is_retired(), "{host} {version}");
                assert_eq!(read(host).converted(V2).base(), format!("https://{host}/vision/v3.2"));
                assert_eq!(read(host).converted(V4).base(), format!("https://{host}/computervision"));
            }
            for host in ["gateway.example", "cognitiveservices.azure.com.example", "localhost:5000"] {
                assert!(read(host).is_old() && !read(host).is_retired(), "{host} {version}");
            }
        }
        assert!(!Endpoint::read("https://mine.cognitiveservices.azure.com", V3).unwrap().is_old());
        assert!(Endpoint::read("https://mine.cognitiveservices.azure.com", V2).unwrap().is_retired());
    }
}
