//! EKS: REST with JSON bodies.

use serde_json::{Map, Value, json};

use super::Call;
use super::fault::Fault;
use super::page::{Page, Paging};
use super::reply::Reply;

const PAGING: Paging = Paging {
    size: "maxResults",
    token: "nextToken",
    sizes: 1..=100,
    default: Some(100),
    fault: "InvalidParameterException",
};

/// The clusters, with their node groups and Fargate profiles.
pub(super) struct Eks {
    clusters: Value,
}

impl Eks {
    /// A service with these clusters.
    pub(super) fn new(mut clusters: Value) -> Self {
        put_times_in_seconds(&mut clusters);
        Self { clusters }
    }

    /// The call that a request makes.
    pub(super) fn call(method: &str, target: &str) -> Call {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (action, names): (&str, &[&str]) = match (method, segments.as_slice()) {
            ("GET", ["clusters"]) => ("ListClusters", &[]),
            ("GET", ["clusters", _]) => ("DescribeCluster", &["name"]),
            ("GET", ["clusters", _, "node-groups"]) => ("ListNodegroups", &["clusterName"]),
            ("GET", ["clusters", _, "node-groups", _]) => {
                ("DescribeNodegroup", &["clusterName", "nodegroupName"])
            }
            ("GET", ["clusters", _, "fargate-profiles"]) => {
                ("ListFargateProfiles", &["clusterName"])
            }
            ("GET", ["clusters", _, "fargate-profiles", _]) => {
                ("DescribeFargateProfile", &["clusterName", "fargateProfileName"])
            }
            _ => return Call::new(format!("{method} {path}"), Vec::new()),
        };
        // A path alternates between the name of a collection and the name of a thing in it.
        let values = segments.iter().skip(1).step_by(2);
        let mut parameters: Vec<(String, String)> =
            names.iter().zip(values).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        parameters.extend(form_urlencoded::parse(query.as_bytes()).into_owned());
        Call::new(action, parameters)
    }

    /// Answers a call, with no more than `bound` names on a page.
    pub(super) fn answer(&self, call: &Call, bound: Option<usize>) -> Result<Value, Fault> {
        match call.action.as_str() {
            "ListClusters" => list("clusters", &self.clusters, call, bound),
            "DescribeCluster" => {
                let cluster = self.cluster(call.parameter("name"))?;
                Ok(json!({"cluster": cluster["cluster"]}))
            }
            "ListNodegroups" => {
                let cluster = self.cluster(call.parameter("clusterName"))?;
                list("nodegroups", &cluster["nodegroups"], call, bound)
            }
            "DescribeNodegroup" => {
                let cluster = self.cluster(call.parameter("clusterName"))?;
                let name = call.parameter("nodegroupName").unwrap_or_default();
                let group = cluster["nodegroups"].get(name);
                let group =
                    group.ok_or_else(|| missing(format!("No node group found for name: {name}.")));
                Ok(json!({"nodegroup": group?}))
            }
            "ListFargateProfiles" => {
                let cluster = self.cluster(call.parameter("clusterName"))?;
                list("fargateProfileNames", &cluster["fargate_profiles"], call, bound)
            }
            "DescribeFargateProfile" => {
                let cluster = self.cluster(call.parameter("clusterName"))?;
                let name = call.parameter("fargateProfileName").unwrap_or_default();
                let profile = cluster["fargate_profiles"].get(name);
                let profile = profile
                    .ok_or_else(|| missing(format!("No Fargate Profile found with name: {name}")));
                Ok(json!({"fargateProfile": profile?}))
            }
            other => Err(Fault::new(404, "UnknownOperationException", other)),
        }
    }

    /// The form in which an answer goes out.
    pub(super) fn reply(answer: Result<Value, Fault>) -> Reply {
        let (status, error_type, body) = match answer {
            Ok(body) => (200, None, body),
            Err(fault) => (fault.status, Some(fault.code), json!({"message": fault.message})),
        };
        let content_type = "application/json";
        Reply { status, content_type, error_type, body: body.to_string().into_bytes() }
    }

    fn cluster(&self, name: Option<&str>) -> Result<&Value, Fault> {
        let name = name.unwrap_or_default();
        self.clusters
            .get(name)
            .ok_or_else(|| missing(format!("No cluster found for name: {name}.")))
    }
}

fn missing(message: String) -> Fault {
    Fault::new(404, "ResourceNotFoundException", message)
}

/// One page of the names in `things`.
fn list(field: &str, things: &Value, call: &Call, bound: Option<usize>) -> Result<Value, Fault> {
    let page = Page::asked(call, &PAGING, bound)?;
    let none = Map::new();
    let things = things.as_object().unwrap_or(&none);
    let names: Vec<&String> = things.keys().skip(page.start).take(page.size).collect();
    let end = page.start + names.len();
    let token = (end < things.len()).then(|| page.token(end));
    Ok(json!({field: names, "nextToken": token}))
}

/// The command line prints times as text; the service sends seconds.
fn put_times_in_seconds(value: &mut Value) {
    if let Value::Object(fields) = value {
        for (name, field) in fields {
            let time = field.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
            match time {
                Some(time) if name.ends_with("At") => *field = json!(time.as_second()),
                _ => put_times_in_seconds(field),
            }
        }
    } else if let Value::Array(items) = value {
        items.iter_mut().for_each(put_times_in_seconds);
    }
}
