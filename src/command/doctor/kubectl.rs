//! The current context of kubectl, by its name; the cluster is not called.

use std::{
    env,
    fs::{self, File},
    io::Read as _,
    path::PathBuf,
};

use serde::Deserialize;

use super::rows::{not_tried, ok, row as row_of};
use crate::{
    render::json::doctor::{DoctorRow, DoctorStatus},
    yaml,
};

const SUBJECT: &str = "kubectl context";
/// Beyond any kubeconfig.
const MOST: u64 = 16 << 20;

/// All that is read of a kubeconfig.
#[derive(Deserialize)]
struct Kubeconfig {
    #[serde(rename = "current-context")]
    current: Option<String>,
}

pub(super) fn row() -> DoctorRow {
    let paths = paths();
    // kubectl takes the first file that names a context.
    for path in paths.iter().filter(|path| fs::metadata(path).is_ok_and(|there| there.is_file())) {
        let mut text = String::new();
        let read = File::open(path).and_then(|file| file.take(MOST).read_to_string(&mut text));
        if let Err(error) = read {
            return failed(format!("cannot read {}: {error}", path.display()));
        }
        match yaml::read::<Kubeconfig>(&text) {
            Ok(Kubeconfig { current: Some(name) }) if !name.is_empty() => {
                return ok(SUBJECT, format!("{name} ({})", path.display()));
            }
            Ok(_) => {}
            Err(error) => return failed(format!("{}: {error}", path.display())),
        }
    }
    not_tried(SUBJECT, "no kubeconfig names a current context")
        .with_fix("`aws eks update-kubeconfig --name CLUSTER` writes one, for kubectl")
}

fn failed(reason: String) -> DoctorRow {
    let row = row_of(SUBJECT, DoctorStatus::Failed);
    DoctorRow { reason: Some(reason), ..row }.with_fix("check KUBECONFIG, or correct the file")
}

fn paths() -> Vec<PathBuf> {
    match env::var_os("KUBECONFIG").filter(|value| !value.is_empty()) {
        Some(value) => env::split_paths(&value).collect(),
        None => env::home_dir().map(|home| home.join(".kube/config")).into_iter().collect(),
    }
}
