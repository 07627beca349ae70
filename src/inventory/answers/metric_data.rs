//! Answers of `aws cloudwatch get-metric-data`: what eksnet's own metrics said over time.
//!
//! A result says what it holds by its label or its id. Understood are a label in which a subnet's id
//! and a metric's name stand as words of their own, in any order (`subnet-0abc UsedAddresses`, which
//! is what CloudWatch makes of `${PROP('Dim.SubnetId')} ${PROP('MetricName')}`), and an id of the
//! form `used_subnet_0abc` or `prefixes_subnet_0abc`, since ids take no hyphen.

use jiff::Timestamp;
use serde::Deserialize;

use crate::json;

/// A metric that a forecast can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Addresses in use.
    UsedAddresses,
    /// /28 prefixes that can be delegated.
    AssignablePrefixes,
}

impl Measure {
    /// Every metric.
    pub const ALL: &[Self] = &[Self::UsedAddresses, Self::AssignablePrefixes];

    /// The metric that in a shared subnet counts invisible ENIs too, and elsewhere is the same: a
    /// reading of addresses in use as well. Of two at one moment the higher one stands.
    pub const HELD_NAME: &str = "HeldAddresses";

    /// Whether a metric's name in CloudWatch is one of the measure's.
    fn is_named(self, name: &str) -> bool {
        name == self.metric_name() || (self == Self::UsedAddresses && name == Self::HELD_NAME)
    }

    /// The metric's name in CloudWatch.
    #[must_use]
    pub fn metric_name(self) -> &'static str {
        match self {
            Self::UsedAddresses => "UsedAddresses",
            Self::AssignablePrefixes => "AssignablePrefixes",
        }
    }

    /// What the id of a result begins with.
    fn id_prefix(self) -> &'static str {
        match self {
            Self::UsedAddresses => "used_",
            Self::AssignablePrefixes => "prefixes_",
        }
    }
}

/// One metric of one subnet over time.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSeries {
    /// The subnet.
    pub subnet_id: String,
    /// The metric.
    pub measure: Measure,
    /// Moments and values.
    pub readings: Vec<(Timestamp, f64)>,
}

/// What an answer holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricData {
    /// What was understood.
    pub series: Vec<MetricSeries>,
    /// Labels of results that are of something else.
    pub foreign: Vec<String>,
}

/// Why an answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MetricDataError {
    /// It is no JSON of this form; the message holds line and column.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A result has not as many values as moments.
    #[error("`{label}` has {timestamps} Timestamps and {values} Values")]
    Uneven {
        /// The result's label.
        label: String,
        /// Its moments.
        timestamps: usize,
        /// Its values.
        values: usize,
    },
    /// A moment cannot be read.
    #[error("`{label}`: `{text}` is not a timestamp")]
    Moment {
        /// The result's label.
        label: String,
        /// What stands there.
        text: String,
    },
    /// A value is no count of addresses.
    #[error("`{label}`: {value} is not a count of addresses or prefixes")]
    Value {
        /// The result's label.
        label: String,
        /// What stands there.
        value: f64,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AnswerJson {
    metric_data_results: Vec<ResultJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResultJson {
    #[serde(default)]
    id: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    timestamps: Vec<MomentJson>,
    #[serde(default)]
    values: Vec<f64>,
}

/// RFC 3339, or seconds since 1970, as `cli_timestamp_format` has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum MomentJson {
    Text(String),
    Seconds(f64),
}

impl MomentJson {
    fn read(&self) -> Result<Timestamp, String> {
        match self {
            Self::Text(text) => text.parse().map_err(|_| text.clone()),
            Self::Seconds(seconds) => jiff::SignedDuration::try_from_secs_f64(*seconds)
                .ok()
                .and_then(|span| Timestamp::UNIX_EPOCH.checked_add(span).ok())
                .ok_or_else(|| seconds.to_string()),
        }
    }
}

/// Whether a text is such an answer, whole or broken.
#[must_use]
pub fn is_metric_data(text: &str) -> bool {
    text.contains("\"MetricDataResults\"")
}

/// Reads an answer.
///
/// # Errors
/// When it is malformed, or a result that is of use holds what cannot be read.
pub fn read_metric_data(text: &str) -> Result<MetricData, MetricDataError> {
    let answer: AnswerJson = json::from_str(text)?;
    let mut data = MetricData::default();
    for result in answer.metric_data_results {
        let Some((subnet_id, measure)) = by_label(&result.label).or_else(|| by_id(&result.id))
        else {
            data.foreign.push(if result.label.is_empty() { result.id } else { result.label });
            continue;
        };
        let readings = readings(&result)?;
        data.series.push(MetricSeries { subnet_id, measure, readings });
    }
    Ok(data)
}

/// The most addresses that a subnet can have, however large.
const MOST: f64 = 4_294_967_296.0;

fn readings(result: &ResultJson) -> Result<Vec<(Timestamp, f64)>, MetricDataError> {
    let label = || result.label.clone();
    if result.timestamps.len() != result.values.len() {
        return Err(MetricDataError::Uneven {
            label: label(),
            timestamps: result.timestamps.len(),
            values: result.values.len(),
        });
    }
    let moments = result.timestamps.iter().zip(&result.values);
    let read = |(moment, value): (&MomentJson, &f64)| {
        let at = moment.read().map_err(|text| MetricDataError::Moment { label: label(), text })?;
        if !(0.0..=MOST).contains(value) {
            return Err(MetricDataError::Value { label: label(), value: *value });
        }
        Ok((at, *value))
    };
    moments.map(read).collect()
}

fn by_label(label: &str) -> Option<(String, Measure)> {
    let words = || label.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let subnet = words().find(|word| word.starts_with("subnet-"))?;
    let named = |measure: &&Measure| words().any(|word| measure.is_named(word));
    Some((subnet.to_owned(), *Measure::ALL.iter().find(named)?))
}

fn by_id(id: &str) -> Option<(String, Measure)> {
    Measure::ALL.iter().find_map(|measure| {
        let subnet = id.strip_prefix(measure.id_prefix())?.strip_prefix("subnet_")?;
        (!subnet.is_empty()).then(|| (format!("subnet-{subnet}"), *measure))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_say_what_they_hold() {
        let used = Some(("subnet-0abc".to_owned(), Measure::UsedAddresses));
        let prefixes = Some(("subnet-0abc".to_owned(), Measure::AssignablePrefixes));
        for (label, read) in [
            ("subnet-0abc UsedAddresses", used.clone()),
            ("eksnet UsedAddresses (subnet-0abc)", used.clone()),
            ("subnet-0abc HeldAddresses", used.clone()),
            ("AssignablePrefixes subnet-0abc", prefixes.clone()),
            ("subnet-0abc", None),
            ("UsedAddresses", None),
            ("subnet-0abc UsedAddressesOfOthers", None),
        ] {
            assert_eq!(by_label(label), read, "{label}");
        }
        for (id, read) in [
            ("used_subnet_0abc", used),
            ("prefixes_subnet_0abc", prefixes),
            ("used_subnet_", None),
            ("m1", None),
        ] {
            assert_eq!(by_id(id), read, "{id}");
        }
    }

    #[test]
    fn an_answer_is_read_whole_or_not_at_all() {
        let answer = |timestamps: &str, values: &str| {
            let text = format!(
                r#"{{"MetricDataResults": [{{"Id": "m1", "Label": "subnet-0abc UsedAddresses",
                "Timestamps": [{timestamps}], "Values": [{values}], "StatusCode": "Complete"}},
                {{"Id": "m2", "Label": "CPUUtilization", "Timestamps": [], "Values": []}}],
                "Messages": []}}"#
            );
            read_metric_data(&text)
        };
        let read = answer(r#""2026-11-01T00:00:00+00:00", 1793577600.0"#, "10, 11.5").unwrap();
        assert_eq!(read.foreign, ["CPUUtilization"]);
        let [series] = read.series.as_slice() else { panic!("one series") };
        let moments: Vec<String> = series.readings.iter().map(|(at, _)| at.to_string()).collect();
        assert_eq!(moments, ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"]);
        for (timestamps, values, says) in [
            (r#""2026-11-01T00:00:00Z""#, "", "1 Timestamps and 0 Values"),
            (r#""yesterday""#, "1", "`yesterday` is not a timestamp"),
            ("1e300", "1", "is not a timestamp"),
            (r#""2026-11-01T00:00:00Z""#, "-1", "-1 is not a count of addresses"),
        ] {
            let error = answer(timestamps, values).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        assert!(read_metric_data(r#"{"MetricDataResults": ["#).is_err());
    }
}
