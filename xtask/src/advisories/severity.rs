//! How bad, from a vector of the Common Vulnerability Scoring System, version 3.

/// "low" to "critical" as the standard names its scores; "unknown" without a vector, or with one of another version.
pub fn severity_of(vector: Option<&str>) -> &'static str {
    match vector.and_then(base_score) {
        None => "unknown",
        Some(score) if score >= 9.0 => "critical",
        Some(score) if score >= 7.0 => "high",
        Some(score) if score >= 4.0 => "medium",
        Some(_) => "low",
    }
}

/// 0 to 10: the equations of the specification, section 7.1.
fn base_score(vector: &str) -> Option<f64> {
    let metrics = vector.strip_prefix("CVSS:3.").filter(|rest| rest.starts_with(['0', '1']))?;
    let metric = |name: &str| metrics.split('/').find_map(|part| part.strip_prefix(name)?.strip_prefix(':'));
    let weight = |name: &str, weights: &[(&str, f64)]| {
        let value = metric(name)?;
        weights.iter().find(|(letter, _)| *letter == value).map(|(_, weight)| *weight)
    };
    let is_changed = metric("S")? == "C";
    let rights = if is_changed { [0.85, 0.68, 0.5] } else { [0.85, 0.62, 0.27] };
    let exploitability = 8.22
        * weight("AV", &[("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)])?
        * weight("AC", &[("L", 0.77), ("H", 0.44)])?
        * weight("PR", &[("N", rights[0]), ("L", rights[1]), ("H", rights[2])])?
        * weight("UI", &[("N", 0.85), ("R", 0.62)])?;
    let loss = [("H", 0.56), ("L", 0.22), ("N", 0.0)];
    let kept = ["C", "I", "A"].into_iter().try_fold(1.0, |kept, name| Some(kept * (1.0 - weight(name, &loss)?)))?;
    let base = 1.0 - kept;
    let impact = if is_changed { 7.52 * (base - 0.029) - 3.25 * (base - 0.02).powi(15) } else { 6.42 * base };
    if impact <= 0.0 {
        return Some(0.0);
    }
    let score = if is_changed { 1.08 * (impact + exploitability) } else { impact + exploitability };
    // Up to one decimal, with room for what a float cannot hold.
    Some((score.min(10.0) * 10.0 - 1e-6).ceil() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_the_standards_examples() {
        for (vector, score) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
            ("CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
            ("CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8),
            ("CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ] {
            assert_eq!(base_score(vector), Some(score), "{vector}");
        }
        assert_eq!(severity_of(Some("CVSS:4.0/AV:N/AC:L")), "unknown");
        assert_eq!((severity_of(None), severity_of(Some("CVSS:3.1/AV:N"))), ("unknown", "unknown"));
    }
}
