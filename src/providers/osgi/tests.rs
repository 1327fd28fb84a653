use super::*;
use proptest::prelude::*;

const MARKER: &str = "p8e-MARKER-secret";

fn provider(scope: &str) -> String {
    format!(
        "auth.token.provider.authorization.grants=\"client_credentials\"\r\nauth.token.provider.orgId=\"1234@AdobeOrg\"\r\nauth.token.provider.default.claims=(\"\\\"iss\\\"\\ :\\ \\\"1234@AdobeOrg\\\"\")\r\nauth.token.provider.scope=\"{scope}\"\r\nauth.token.validator.type=\"adobe-ims-similaritysearch\"\r\nauth.token.provider.client.id=\"abc123\"\r\nauth.access.token.request=\"https://ims-na1.adobelogin.com/ims/token/v3\"\r\n"
    )
}

fn file(name: &str, text: &str) -> OsgiFile {
    OsgiFile { name: name.into(), text: text.into() }
}

fn codes(facts: &OsgiFacts) -> Vec<&str> {
    facts.notes.iter().map(|note| note.code).collect()
}

#[test]
fn the_two_files_fill_the_fields() {
    let facts = read_osgi(&[
        file(
            &format!("apps/system/config/{PROVIDER}-12345.config"),
            &provider("read_pc.dma_smart_content,openid,AdobeID,additional_info.projectedProductContext"),
        ),
        file(&format!("{CUSTOMIZER}-12345.config"), &format!("auth.ims.client.secret=\"{MARKER}\"\n")),
    ])
    .unwrap();
    assert_eq!(facts.setup.client_id, "abc123");
    assert_eq!(facts.setup.organization_id, "1234@AdobeOrg");
    assert_eq!(facts.setup.scopes, "read_pc.dma_smart_content,openid,AdobeID,additional_info.projectedProductContext");
    assert_eq!(facts.setup.authorization_server, "https://ims-na1.adobelogin.com");
    assert_eq!(facts.client_secret.as_deref(), Some(MARKER));
    assert_eq!(codes(&facts), Vec::<&str>::new());
}

#[test]
fn the_slips_of_the_guides_are_named_and_read_all_the_same() {
    let facts = read_osgi(&[
        file(&format!("{PROVIDER}.12345.config"), &provider("read_pc.dma_smart_content,\\ openid,\\ AdobeID")),
        file(&format!("{CUSTOMIZER}.12345.config"), &format!("auth.ims.client.secrets=\"{MARKER}\"")),
    ])
    .unwrap();
    assert_eq!(codes(&facts), ["osgi_name_has_dot", "osgi_scope_has_spaces", "osgi_name_has_dot", "osgi_key_plural"]);
    assert_eq!(facts.notes[0].params["wanted"], format!("{PROVIDER}-12345.config"));
    assert_eq!(facts.setup.scopes, "read_pc.dma_smart_content,openid,AdobeID");
    assert_eq!(facts.client_secret.as_deref(), Some(MARKER));
}

#[test]
fn what_is_still_of_a_certificate_is_said() {
    let text = "auth.token.provider.authorization.grants=\"urn:ietf:params:oauth:grant-type:jwt-bearer\"\nauth.token.provider.keypair.alias=\"similaritysearch\"\nauth.access.token.request=\"https://ims-na1.adobelogin.com/ims/exchange/jwt/\"\nauth.token.provider.client.id=\"abc\"";
    let facts = read_osgi(&[file(&format!("{PROVIDER}-1.config"), text)]).unwrap();
    assert_eq!(codes(&facts), ["osgi_is_jwt", "osgi_file_missing"]);
    assert_eq!(facts.setup.authorization_server, "https://ims-na1.adobelogin.com");
}

#[test]
fn what_was_left_of_the_guide_and_what_is_odd_is_said() {
    let text = "auth.token.provider.orgId=\"<OrgID>\"\nauth.token.provider.client.id=\"\"\nauth.token.provider.authorization.grants=\"password\"\nauth.token.validator.type=\"x\"\nauth.access.token.request=\"https://ims-na1.adobelogin.com/other\"";
    let facts =
        read_osgi(&[file(&format!("{PROVIDER}-1.config"), text), file(&format!("{CUSTOMIZER}-1.config"), "a=\"b\"")])
            .unwrap();
    assert_eq!(
        codes(&facts),
        [
            "osgi_placeholder_left",
            "osgi_token_address_other",
            "osgi_grants_other",
            "osgi_validator_other",
            "osgi_secret_missing"
        ]
    );
    let claims = provider("x").replace("\\\"1234@AdobeOrg", "\\\"9@AdobeOrg");
    assert_eq!(
        codes(&read_osgi(&[file(&format!("{PROVIDER}-1.config"), &claims)]).unwrap()),
        ["osgi_claims_other", "osgi_file_missing"]
    );
    let encrypted =
        read_osgi(&[file(&format!("{CUSTOMIZER}-1.config"), "auth.ims.client.secret=\"\\{5f3a\\}\"")]).unwrap();
    assert_eq!(codes(&encrypted), ["osgi_secret_encrypted", "osgi_file_missing"]);
    assert_eq!((encrypted.client_secret, encrypted.setup.authorization_server.as_str()), (None, ""));
}

#[test]
fn other_files_are_refused_or_named() {
    for files in [vec![], vec![file("photo.jpg", "")], vec![file(&format!("{PROVIDER}-1.config"), "{}")]] {
        assert_eq!(read_osgi(&files).unwrap_err().kind(), ErrorKind::ProviderSetupInvalid);
    }
    let twice = [file(&format!("{CUSTOMIZER}-1.config"), ""), file(&format!("{CUSTOMIZER}-2.config"), "")];
    assert!(read_osgi(&twice).is_err());
    let other = read_osgi(&[
        file("x\u{1b}.config", ""),
        file(&format!("{CUSTOMIZER}-1.config"), "auth.ims.client.secret=\"x\""),
    ])
    .unwrap();
    assert_eq!(codes(&other), ["osgi_file_unknown", "osgi_file_missing"]);
    assert_eq!(other.notes[0].params["file"], "x\\u{1b}.config");
}

#[test]
fn the_secret_is_where_it_belongs_only() {
    let name = format!("{CUSTOMIZER}-1.config");
    let text = format!("auth.ims.client.secret=\"{MARKER}\"");
    let facts = read_osgi(&[file(&name, &text)]).unwrap();
    assert!(!format!("{facts:?} {:?}", file(&name, &text)).contains("MARKER"));
    let rest = (serde_json::to_string(&facts.setup).unwrap(), serde_json::to_string(&facts.notes).unwrap());
    assert!(!rest.0.contains("MARKER") && !rest.1.contains("MARKER"));
    for end in 0..text.len() - 1 {
        let cut = read_osgi(&[file(&name, &text[..end])]);
        assert!(
            cut.map_or_else(|error| !error.detail().contains("MARKER"), |facts| facts.client_secret.is_none()),
            "{end}"
        );
    }
}

proptest! {
    #[test]
    fn no_file_panics(text in "\\PC{0,200}", name in "(\\.|-|config|/|1|\u{202e}){0,6}") {
        for kind in [PROVIDER, CUSTOMIZER, ""] {
            let _ = read_osgi(&[file(&format!("{kind}{name}"), &text)]);
        }
    }
}
