//! What is read from outside: each target reads bytes as one reader would, and holds laws over what comes
//! of it. The fuzzer makes up the bytes; the tests replay what it kept and what it found.

mod answers;
mod documents;
mod expressions;
mod laws;
mod manifests;
pub(crate) mod program;
mod scenario;
mod texts;
mod whole;
mod world;

/// Every target, as the fuzzer's programs and the folders of the corpora are named.
const TARGETS: [(&str, Target); 17] = [
    ("answers", Target::Reader(answers::answers)),
    ("kubectl", Target::Reader(answers::kubectl)),
    ("node-metrics", Target::Reader(answers::node_metrics)),
    ("snapshot", Target::Reader(documents::snapshot)),
    ("metric-data", Target::Reader(documents::metric_data)),
    ("catalogue", Target::Reader(documents::catalogue)),
    ("policy", Target::Reader(documents::policy)),
    ("baseline", Target::Reader(documents::baseline)),
    ("manifest", Target::Reader(manifests::manifest)),
    ("expression", Target::Reader(expressions::expression)),
    ("scenario", Target::Reader(scenario::scenario)),
    ("settings", Target::Reader(texts::settings)),
    ("xml-answer", Target::Reader(whole::xml)),
    ("json-answer", Target::Reader(whole::json)),
    ("command-line", Target::Program(program::command_line)),
    ("audit-file", Target::Program(program::audit_file)),
    ("trace", Target::Program(program::trace)),
];

/// What a target does with bytes: read them, or run the program on them.
enum Target {
    Reader(fn(&[u8])),
    Program(fn(&[u8], program::Run<'_>)),
}

/// The names of the targets.
#[allow(dead_code, reason = "the fuzzer is told which one to play")]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TARGETS.iter().map(|(name, _)| *name)
}

/// Plays a target; what a law forbids stops it.
pub(crate) fn play(name: &str, data: &[u8], run: program::Run<'_>) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    match target.expect("a target has a function").1 {
        Target::Reader(read) => read(data),
        Target::Program(play) => play(data, run),
    }
}
