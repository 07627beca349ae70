//! Metrics in Prometheus' text format, as aws-node serves them: a sample a line, comments, and nothing that
//! spans lines.

use super::{
    assemble::{Answers, Recognised},
    known::is_named_metrics,
};
use crate::inventory::{AwsNodeMetrics, cleaned, feed::ReadError};

const PER_CIDR: &str = "awscni_assigned_ip_per_cidr";
const PER_ENI: &str = "awscni_assigned_ip_per_eni";
const ASSIGNED: &str = "awscni_assigned_ip_addresses";
const TOTAL: &str = "awscni_total_ip_addresses";
/// How all metrics of aws-node begin.
const OURS: &str = "awscni_";
/// Whether a file holds metrics, by its name and how it begins.
#[must_use]
pub fn is_metrics(file_name: &str, head: &str) -> bool {
    let Some(first) = first_line(head) else { return false };
    if is_named_metrics(file_name) {
        return !first.starts_with(['{', '[']);
    }
    let starts = ["# HELP ", "# TYPE ", OURS];
    starts.iter().any(|start| first.starts_with(start)) && head.contains(OURS)
}

fn first_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim_start).find(|line| !line.is_empty())
}

impl Answers {
    /// Takes in a file of aws-node's metrics.
    ///
    /// # Errors
    /// When a sample of a node's addresses cannot be read, or stands there of several nodes.
    pub fn read_metrics(&mut self, file_name: &str, text: &str) -> Result<Recognised, ReadError> {
        let mut metrics = AwsNodeMetrics { file: cleaned(stem(file_name)), ..Default::default() };
        let mut any = false;
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            any |= line.starts_with(OURS);
            let name = line.split(|c: char| c == '{' || c.is_whitespace()).next().unwrap_or("");
            if [PER_CIDR, PER_ENI, ASSIGNED, TOTAL].contains(&name) {
                let rest = line.get(name.len()..).unwrap_or_default();
                let taken = sample(rest).and_then(|sample| take(&mut metrics, name, &sample));
                taken.map_err(|message| ReadError::Malformed {
                    message,
                    line: at + 1,
                    column: 1,
                })?;
            }
        }
        if !any {
            let is_sample = |line: &str| line.starts_with(|c: char| c == '#' || is_of_name(c));
            if first_line(text).is_some_and(is_sample) {
                return Ok(Recognised::NotNeeded);
            }
            let message = "this is not Prometheus' text format".to_owned();
            return Err(ReadError::Malformed { message, line: 1, column: 1 });
        }
        self.kubectl.add_metrics(metrics);
        Ok(Recognised::Known)
    }
}

/// A letter that the name of a metric may begin with.
fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_' || letter == ':'
}

/// A file's name without its ending. That of a node has dots too.
fn stem(file_name: &str) -> &str {
    let ending = |(_, ending): &(&str, &str)| {
        ["prom", "txt"].iter().any(|known| ending.eq_ignore_ascii_case(known))
    };
    file_name.rsplit_once('.').filter(ending).map_or(file_name, |(stem, _)| stem)
}

/// Names with their values.
type Labels = Vec<(String, String)>;

/// What stands behind a metric's name.
struct Sample {
    labels: Labels,
    value: i64,
}

impl Sample {
    fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(its, _)| its == name).map(|(_, value)| value.as_str())
    }
}

fn take(metrics: &mut AwsNodeMetrics, name: &str, sample: &Sample) -> Result<(), String> {
    let label =
        |label: &str| sample.label(label).ok_or_else(|| format!("{name} has no label {label}"));
    let is_first = match name {
        PER_CIDR => {
            let text = label("cidr")?;
            if text.contains(':') {
                metrics.has_ipv6 = true;
                return Ok(());
            }
            let cidr = text.parse().map_err(|error| format!("{name}: {error}"))?;
            metrics.cidrs.insert(cidr, sample.value).is_none()
        }
        PER_ENI => metrics.enis.insert(label("eni")?.to_owned(), sample.value).is_none(),
        ASSIGNED => metrics.assigned.replace(sample.value).is_none(),
        _ => metrics.total.replace(sample.value).is_none(),
    };
    if is_first {
        return Ok(());
    }
    Err(format!(
        "{name} is there a second time: the file holds the metrics of several nodes, or those of one twice; \
         save a file for each node"
    ))
}

/// The labels and the value of a sample; a time and an exemplar may follow.
fn sample(rest: &str) -> Result<Sample, String> {
    let (labels, rest) = match rest.trim_start().strip_prefix('{') {
        Some(labels) => self::labels(labels)?,
        None => (Vec::new(), rest),
    };
    let word = rest.split_whitespace().next().ok_or("the sample has no value")?;
    let value = whole(word).ok_or_else(|| format!("`{word}` is not a whole number"))?;
    Ok(Sample { labels, value })
}

/// The labels up to the closing brace, and what follows it.
fn labels(mut rest: &str) -> Result<(Labels, &str), String> {
    const OPEN: &str = "the labels do not end";
    let mut labels = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('}') {
            return Ok((labels, after));
        }
        let (name, after) = rest.split_once('=').ok_or(OPEN)?;
        let quoted = after.trim_start().strip_prefix('"').ok_or("a label has no quoted value")?;
        let (value, after) = unquoted(quoted).ok_or(OPEN)?;
        labels.push((name.trim().to_owned(), value));
        rest = after.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

/// A label's value up to the closing quote, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

/// A whole number, however Go writes it: `16`, `1e+06`.
fn whole(text: &str) -> Option<i64> {
    const MOST: f64 = 1e12;
    text.parse().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        let is_whole = number.abs() < MOST && number.fract() == 0.0;
        is_whole.then(|| format!("{number:.0}").parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole() {
        for (text, number) in [
            ("16", Some(16)),
            ("-1", Some(-1)),
            ("1e+06", Some(1_000_000)),
            ("16.0", Some(16)),
            ("-0.0", Some(0)),
            ("1.5", None),
            ("NaN", None),
            ("+Inf", None),
            ("1e300", None),
            ("x", None),
        ] {
            assert_eq!(whole(text), number, "{text}");
        }
    }

    #[test]
    fn samples_are_read_as_prometheus_writes_them() {
        for (text, expected) in [
            (" 3", Some((None, 3))),
            ("{} 3 1700000000000", Some((None, 3))),
            ("{cidr=\"10.0.0.0/28\"} 3", Some((Some("10.0.0.0/28"), 3))),
            ("{a=\"}\\\"\\n,\",cidr = \"x\", } 3 # {t=\"1\"} 1", Some((Some("x"), 3))),
            ("{cidr=\"10.0.0.0/28} 3", None),
            ("{cidr=10.0.0.0/28} 3", None),
            ("{cidr", None),
            ("{a=\"\\", None),
            ("{a=\"b\"}", None),
            ("", None),
            (" three", None),
        ] {
            let sample = sample(text).ok();
            let told = sample.as_ref().map(|sample| (sample.label("cidr"), sample.value));
            assert_eq!(told, expected, "{text}");
        }
    }

    #[test]
    fn content_or_a_name_tells_metrics() {
        for (name, head, is) in [
            ("a.prom", "# HELP go_gc x\n", true),
            ("a.txt", "# HELP go_gc x\n", false),
            ("a.json", "\n# HELP awscni_add x\n", true),
            ("metrics", "awscni_eni_max 3\n", true),
            ("a.prom", "{\"Subnets\": []}", false),
            ("a.yaml", "# TYPE of thing\nkind: Pod\n", false),
            ("a.prom", "", false),
        ] {
            assert_eq!(is_metrics(name, head), is, "{name}");
        }
    }
}
