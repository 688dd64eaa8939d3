//! How metrics are written: as OpenMetrics for those who ask for it, as the older text for everybody else.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, header};

/// A format of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exposition {
    OpenMetrics,
    Text,
}

impl Exposition {
    /// What the reader asks for, by its own weights; the older text when it has no preference.
    pub(super) fn wanted(headers: &HeaderMap) -> Exposition {
        let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let (mut open, mut text) = (0, 0);
        for one in accepts.flat_map(|accepts| accepts.split(',')) {
            let mut parts = one.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default().to_ascii_lowercase();
            let parameters: Vec<&str> = parts.collect();
            let weight = parameters.iter().find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
            let version = parameters.iter().find_map(|part| part.strip_prefix("version="));
            match media.as_str() {
                "application/openmetrics-text" if version.is_none_or(|version| version == "1.0.0") => {
                    open = weight.max(open);
                }
                "text/plain" | "text/*" => text = weight.max(text),
                _ => {}
            }
        }
        if open > 0 && open >= text { Exposition::OpenMetrics } else { Exposition::Text }
    }

    pub(super) fn media(self) -> &'static str {
        match self {
            Exposition::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Exposition::Text => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// The same metrics in this format, from OpenMetrics.
    pub(super) fn of(self, openmetrics: String) -> String {
        match self {
            Exposition::OpenMetrics => openmetrics,
            Exposition::Text => as_text(&openmetrics),
        }
    }
}

/// « 0.5 » as 500; what is no weight is none.
fn thousandths(weight: &str) -> u32 {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    let read = |text: &str| text.parse::<u32>().ok();
    read(whole).zip(read(&part)).map_or(0, |(whole, part)| whole.saturating_mul(1000).saturating_add(part))
}

/// In the older text a counter is declared under the name of its sample, and nothing marks the end.
fn as_text(openmetrics: &str) -> String {
    let declared = |line: &str| line.strip_prefix("# TYPE ")?.strip_suffix(" counter").map(str::to_owned);
    let counters: BTreeSet<String> = openmetrics.lines().filter_map(declared).collect();
    let mut text = String::with_capacity(openmetrics.len());
    for line in openmetrics.lines().filter(|line| !line.starts_with("# UNIT ") && *line != "# EOF") {
        let declared =
            ["# TYPE ", "# HELP "].iter().find_map(|begin| Some((begin, line.strip_prefix(begin)?)));
        match declared.and_then(|(begin, rest)| Some((begin, rest.split_once(' ')?))) {
            Some((begin, (name, rest))) if counters.contains(name) => {
                text.extend([begin, name, "_total ", rest]);
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(accept: &str) -> Exposition {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        Exposition::wanted(&headers)
    }

    #[test]
    fn prometheus_gets_openmetrics_and_a_browser_text() {
        let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;\
                          q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
        assert_eq!(wanted(prometheus), Exposition::OpenMetrics);
        for plain in
            ["*/*", "text/plain", "text/html, */*;q=0.8", "application/openmetrics-text;version=0.0.1", ""]
        {
            assert_eq!(wanted(plain), Exposition::Text, "{plain}");
        }
        assert_eq!(wanted("application/openmetrics-text; q=0.2, text/plain; q=0.9"), Exposition::Text);
        assert_eq!(wanted("application/openmetrics-text;q=0"), Exposition::Text);
        assert_eq!(Exposition::wanted(&HeaderMap::new()), Exposition::Text);
    }

    #[test]
    fn a_counter_is_declared_as_each_format_wants_it() {
        let open = "# HELP a_passes Passes.\n# TYPE a_passes counter\na_passes_total 3\n# HELP a_age Age.\n\
                    # TYPE a_age gauge\n# UNIT a_age seconds\na_age 5\n# EOF\n";
        let text = "# HELP a_passes_total Passes.\n# TYPE a_passes_total counter\na_passes_total 3\n\
                    # HELP a_age Age.\n# TYPE a_age gauge\na_age 5\n";
        assert_eq!(Exposition::Text.of(open.to_owned()), text);
        assert_eq!(Exposition::OpenMetrics.of(open.to_owned()), open);
    }
}
